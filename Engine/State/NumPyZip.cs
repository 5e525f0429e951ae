using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IlgpuXai.Engine;

/// <summary>NumPy's <c>.npz</c>: a zip of <c>NAME.npy</c>, each the magic string, a header and the numbers.</summary>
/// <remarks>
/// The room <c>Data</c> reads such files whole, for images and maps; here they are weights like others, read in place, and an array in Fortran order is one with strides.
/// </remarks>
static partial class NumPyZip
{
    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static ArrayFile Read(MappedFile file, IReadOnlyDictionary<string, ZipEntry> entries) =>
        new(file, "NumPy zip", entries.Values.ToDictionary(e => e.Name[..^4], Array, StringComparer.Ordinal), new Dictionary<string, string>());

    static StoredArray Array(ZipEntry entry)
    {
        try
        {
            return Array(entry, entry.Unpack().Span);
        }
        catch (FormatException e)
        {
            throw new FormatException($"its entry {entry.Name}: {e.Message}", e);
        }
    }

    static StoredArray Array(ZipEntry entry, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || !bytes.StartsWith(Magic)) throw new FormatException("is not a .npy file");
        bool isFirst = bytes[6] == 1;
        long length = isFirst ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        int begin = isFirst ? 10 : 12;
        if (length > bytes.Length - begin) throw new FormatException("is truncated inside its header");
        begin += (int)length;
        var header = Header().Match(Encoding.Latin1.GetString(bytes[(isFirst ? 10 : 12)..begin]));
        if (!header.Success) throw new FormatException("has a header that is not understood");
        var type = TypeOf(header.Groups["type"].Value);
        long[] sizes = [.. header.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Size)];
        if (sizes.Length > PickledTensors.MostAxes) throw new FormatException($"has {sizes.Length} axes");
        long[] strides = header.Groups["fortran"].Value == "True" ? [.. StoredArray.RowMajor([.. sizes.Reverse()]).Reverse()] : StoredArray.RowMajor(sizes);
        return new(type, sizes, strides, 0, (bytes.Length - begin) / type.Size(), () => entry.Unpack()[begin..]);
    }

    static long Size(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : throw new FormatException($"has an axis of size '{text}'");

    static DType TypeOf(string descr) => (descr[0], descr[1..]) switch
    {
        ('>', not ("b1" or "i1" or "u1")) => throw new FormatException($"is of type '{descr}', big-endian, which is not read"),
        (_, "f8") => DType.F64,
        (_, "f4") => DType.F32,
        (_, "f2") => DType.F16,
        (_, "i8") => DType.I64,
        (_, "i4") => DType.I32,
        (_, "i2") => DType.I16,
        (_, "i1") => DType.I8,
        (_, "u1") => DType.U8,
        (_, "b1") => DType.Bool,
        _ => throw new FormatException($"is of type '{descr}', which is not read"),
    };

    [GeneratedRegex(@"^\{'descr': '(?<type>[<>|=][^']+)', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[^)]*)\),? ?\}\s*$")]
    private static partial Regex Header();
}
