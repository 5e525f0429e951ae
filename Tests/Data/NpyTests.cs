using System.Text;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class NpyTests
{
    TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    static IEnumerable<string> Suite(string prefix) => DataGoldens.Names("npy-suite.zip").Where(name => name.StartsWith(prefix, StringComparison.Ordinal));

    static IEnumerable<string> Readable() => Suite("").Except(Suite("refused"));

    string Golden(string name) => _folder.Write(name + ".npy", DataGoldens.Entry("npy-suite.zip", name));

    // The values of make_npy_suite.py.
    internal static double Value(int i, Type type)
    {
        int v = (7 * i + 3) % 101;
        if (type == typeof(bool)) return v % 2;
        if (type == typeof(Half) || type == typeof(float) || type == typeof(double)) return (v - 50) / 2.0;
        return type.Name.StartsWith('U') || type == typeof(byte) ? v : v - 50;
    }

    [TestCaseSource(nameof(Readable))]
    public void What_NumPy_wrote_is_read_row_major(string name)
    {
        NpyArray array = Npy.Read(Golden(name));
        Type type = array.Values.GetType().GetElementType()!;
        double[] expected = [.. Enumerable.Range(0, array.Length).Select(i => Value(i, type))];
        Assert.That(array.ToDoubles(), Is.EqualTo(expected));
    }

    [TestCase("w-i2", typeof(short), new[] { 3, 5 })]
    [TestCase("big-u8", typeof(ulong), new[] { 2, 7 })]
    [TestCase("fortran-f8", typeof(double), new[] { 2, 3, 5 })]
    [TestCase("w-f4-scalar", typeof(float), new int[] { })]
    [TestCase("w-f4-empty", typeof(float), new[] { 4, 0, 2 })]
    [TestCase("w-f2", typeof(Half), new[] { 3, 5 })]
    public void Type_and_shape_are_the_file_s(string name, Type type, int[] shape)
    {
        NpyArray array = Npy.Read(Golden(name));
        Assert.That(array.Values.GetType().GetElementType(), Is.EqualTo(type));
        Assert.That(array.Shape, Is.EqualTo(shape));
    }

    [TestCaseSource(nameof(Suite), new object[] { "w-" })]
    public void Bytes_written_are_NumPy_s(string name)
    {
        string path = Golden(name);
        Npy.Write(_folder.File("back.npy"), Npy.Read(path));
        Assert.That(File.ReadAllBytes(_folder.File("back.npy")), Is.EqualTo(File.ReadAllBytes(path)));
    }

    [TestCase("refused-object", "'|O'")]
    [TestCase("refused-complex", "'<c8'")]
    [TestCase("refused-record", "a string was expected")]
    [TestCase("refused-text", "'<U2'")]
    public void Elements_that_are_not_numbers_are_refused(string name, string reason) =>
        Assert.That(() => Npy.Read(Golden(name)), Throws.TypeOf<DataException>().With.Message.Contains("header is not understood").And.Message.Contains(reason));

    [Test]
    public void A_file_cut_anywhere_or_longer_is_refused()
    {
        byte[] whole = DataGoldens.Entry("npy-suite.zip", "big-i4");
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => Npy.Read(_folder.Write("cut.npy", whole[..length])), Throws.TypeOf<DataException>().With.Message.Contains("is truncated"), $"{length} bytes");
        Assert.That(() => Npy.Read(_folder.Write("long.npy", [.. whole, 0])), Throws.TypeOf<DataException>().With.Message.Contains("has extra bytes after its (2, 7) elements of 4 bytes"));
    }

    static byte[] WithHeader(string header, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header), size = version == 1 ? [(byte)text.Length, 0] : [(byte)text.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. size, .. text, .. new byte[24]];
    }

    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}")]
    [TestCase("{ \"shape\":(2,3,) ,\"fortran_order\" :False,\"descr\":\"<f4\",}\n")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }   \n")]
    public void Headers_other_writers_make_are_read(string header) => Assert.That(Npy.Read(_folder.Write("a.npy", WithHeader(header))).Shape, Is.EqualTo(new[] { 2, 3 }));

    [TestCase("{'descr': '<f4', 'fortran_order': False, }", "one of descr, fortran_order and shape is missing")]
    [TestCase("{'descr': '<f4', 'descr': '<f4', 'shape': (6,)}", "the key 'descr' does not belong there")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)", "'}' was expected")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}", "True or False was expected")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-6,)}", "a size below 2³¹ was expected")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000,)}", "a size below 2³¹ was expected")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': 6}", "'(' was expected")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} or 1", "nothing was expected")]
    [TestCase("{'descr': '<f4, 'fortran_order': False}", "was expected")]
    [TestCase("{'descr", "a string does not end")]
    [TestCase("__import__('os')", "'{' was expected at character 0")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}", "more than it can")]
    public void Malformed_headers_are_refused_in_one_line(string header, string reason)
    {
        foreach (byte version in new byte[] { 1, 2, 3 })
            Assert.That(() => Npy.Read(_folder.Write("a.npy", WithHeader(header, version))), Throws.TypeOf<DataException>().With.Message.Contains(reason).And.Message.Not.Contains("\n"));
    }

    [Test]
    public void Other_files_and_versions_are_refused()
    {
        Assert.That(() => Npy.Read(_folder.Write("a.npy", "something else"u8.ToArray())), Throws.TypeOf<DataException>().With.Message.EndsWith("is not a .npy file"));
        Assert.That(() => Npy.Read(_folder.Write("a.npy", WithHeader("{}", 4))), Throws.TypeOf<DataException>().With.Message.Contains("version 4.0"));
        byte[] huge = [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255];
        Assert.That(() => Npy.Read(_folder.Write("a.npy", huge)), Throws.TypeOf<DataException>().With.Message.EndsWith("its header claims 4294967295 bytes"));
    }

    [Test]
    public void Arrays_that_do_not_fit_are_refused()
    {
        Assert.That(() => new NpyArray(new float[5], 2, 3), Throws.ArgumentException.With.Message.EqualTo("npy: the shape [2, 3] has 6 elements, the array 5"));
        Assert.That(() => new NpyArray(new string[2], 2), Throws.ArgumentException);
        Assert.That(() => new NpyArray(new uint[2], 2).As<int>(), Throws.InvalidOperationException);
    }
}
