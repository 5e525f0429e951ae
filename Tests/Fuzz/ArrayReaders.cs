using System.Buffers.Binary;
using System.IO.Compression;
using IlgpuXai.Data;
using IlgpuXai.Engine;

namespace IlgpuXai.Tests.Fuzz;

static class ArrayReaders
{
    public static IEnumerable<FuzzedReader> All(string folder)
    {
        byte[][] idx = [Idx(0x08, 1, 3, 5, 4), Idx(0x08, 1, 17), Idx(0x0B, 2, 2, 3), Idx(0x0D, 4, 6), Idx(0x0E, 8, 2, 1, 2)];
        yield return FuzzedReader.OfPath("idx", folder, [.. idx, .. idx.Select(Gzip)], path => IdxFile.Read(path)) with { Memory = Inflated };
        yield return FuzzedReader.OfPath("npy", folder, [.. DataGoldens.Names("npy-suite.zip").Where(n => !n.StartsWith("refused", StringComparison.Ordinal)).Select(n => DataGoldens.Entry("npy-suite.zip", n))],
            path => Npy.Read(path));
        yield return FuzzedReader.OfPath("npz", folder, [Npz(folder, compress: false), Npz(folder, compress: true), File.ReadAllBytes(DataGoldens.File("deflated.npz"))],
            path => Data.Npz.Read(path)) with { Memory = Inflated };
        yield return FuzzedReader.OfPath("safetensors", folder, [Safetensors(folder, "first", 3, 5), Safetensors(folder, "second.weight", 7)], ReadSafetensors);
    }

    static long Inflated(long length) => (4 << 20) + 4096 * length;

    static void ReadSafetensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (string name in file.Names) file.Read(name);
    }

    static byte[] Idx(byte type, int size, params int[] shape)
    {
        var bytes = new byte[4 + 4 * shape.Length + size * shape.Aggregate(1, (a, b) => a * b)];
        (bytes[2], bytes[3]) = (type, (byte)shape.Length);
        for (int d = 0; d < shape.Length; d++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * d), shape[d]);
        for (int i = 4 + 4 * shape.Length; i < bytes.Length; i++) bytes[i] = (byte)(37 * i);
        return bytes;
    }

    static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Optimal)) gzip.Write(bytes);
        return to.ToArray();
    }

    static byte[] Npz(string folder, bool compress)
    {
        string path = Path.Combine(folder, "seed.npz");
        Data.Npz.Write(path, new Dictionary<string, NpyArray> { ["maps"] = new(new float[] { 1, -2, 3, 4, 5, 6 }, 2, 3), ["labels"] = new(new long[] { 3, 1, 2 }, 3) }, compress);
        return File.ReadAllBytes(path);
    }

    static byte[] Safetensors(string folder, string name, params int[] shape)
    {
        string path = Path.Combine(folder, "seed.safetensors");
        var writer = new SafetensorsWriter();
        writer.Metadata["made by"] = "a test";
        writer.Add(name, Shape.Create(shape), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => i / 3f)]);
        writer.Add("bias", Shape.Create([2]), [0.5f, -1]);
        writer.Write(path);
        return File.ReadAllBytes(path);
    }
}
