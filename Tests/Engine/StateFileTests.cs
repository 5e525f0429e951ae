using System.Globalization;
using System.Text;

using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class StateFileTests
{
    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    [TestCaseSource(typeof(CheckpointFiles), nameof(CheckpointFiles.Readable))]
    public void What_PyTorch_and_NumPy_wrote_is_read(string name)
    {
        var expected = CheckpointFiles.Json.GetProperty("expected").GetProperty(name).EnumerateObject().ToList();
        using var file = StateFile.Open(CheckpointFiles.At(name));
        Assert.That(file.Format, Is.EqualTo(name.EndsWith(".npz", StringComparison.Ordinal) ? "NumPy zip" : name.EndsWith(".pth", StringComparison.Ordinal) ? "PyTorch before 1.6" : "PyTorch zip"));
        Assert.That(file.Names, Is.EquivalentTo(expected.Select(e => e.Name)));
        foreach (var array in expected)
        {
            var (shape, type, values) = (array.Value[0], array.Value[1].GetString()!, array.Value[2]);
            Assert.That(file.ShapeOf(array.Name).Sizes.ToArray(), Is.EqualTo(shape.EnumerateArray().Select(s => s.GetInt32())), array.Name);
            Assert.That(file.TypeOf(array.Name), Is.EqualTo(TypeNamed(type)), array.Name);
            Assert.That(file.Read(array.Name), Is.EqualTo(values.EnumerateArray().Select(v => float.Parse(v.GetString()!, CultureInfo.InvariantCulture))), array.Name);
        }
    }

    static DType TypeNamed(string type) => type switch
    {
        "float64" => DType.F64, "float32" => DType.F32, "float16" => DType.F16, "bfloat16" => DType.BF16, "int64" => DType.I64,
        "int32" => DType.I32, "int16" => DType.I16, "int8" => DType.I8, "uint8" => DType.U8, "bool" => DType.Bool, _ => throw new ArgumentException(type),
    };

    [Test]
    public void Stored_bytes_of_a_view_are_its_own_row_by_row()
    {
        using var file = StateFile.Open(CheckpointFiles.At("views.pt"));
        byte[] bytes = file.ReadBytes("half");
        Assert.That(bytes.Chunk(2).Select(b => (float)BitConverter.ToHalf(b)), Is.EqualTo(file.Read("half")));
        Assert.That(file.ReadBytes("empty"), Is.Empty);
    }

    [TestCase("training.pt", "state_dict")]
    [TestCase("training-legacy.pth", "state_dict")]
    [TestCase("parallel.pt", "model")]
    [TestCase("types.pt", null)]
    public void The_entry_that_holds_the_weights_is_named(string name, string? entry)
    {
        using var file = StateFile.Open(CheckpointFiles.At(name));
        Assert.That(file.Metadata.GetValueOrDefault("entry"), Is.EqualTo(entry));
    }

    const string Module = "refuses to load an object of {0}: a checkpoint may hold tensors and plain values only; if this is a whole module, save model.state_dict() of it instead";

    [TestCase("module.pt", Module, "torch.nn.modules.container.Sequential")]
    [TestCase("own-module.pt", Module, "__main__.Net")]
    [TestCase("own-module-legacy.pth", Module, "__main__.Net")]
    [TestCase("script.pt", "is a TorchScript program, not weights: save model.state_dict() instead")]
    [TestCase("complex.pt", "refuses to load torch.ComplexFloatStorage: a checkpoint may hold tensors and plain values only")]
    [TestCase("big-endian.pt", "was written on a machine of byte order 'big', only little is read")]
    [TestCase("big-endian.npz", "its entry x.npy: is of type '>f4', big-endian, which is not read")]
    public void What_is_no_dictionary_of_tensors_is_refused_in_one_line(string name, string reason, string what = "")
    {
        string path = CheckpointFiles.At(name);
        Assert.That(() => StateFile.Open(path), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: {string.Format(CultureInfo.InvariantCulture, reason, what)}"));
    }

    static readonly (string Name, byte[] Content, string Reason)[] Others =
    [
        ("nothing", [], "is empty"),
        ("Git LFS", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"), "is a Git LFS pointer, the file itself was not fetched (git lfs pull), not one of"),
        ("web page", Encoding.ASCII.GetBytes("<!DOCTYPE html><html></html>"), "is a web page, not one of"),
        ("Keras", [0x89, .. "HDF\r\n\x1a\n and more"u8], "is an HDF5 file (Keras), not one of"),
        ("text", Encoding.ASCII.GetBytes("conv1.weight = 1"), @"is none of safetensors, PyTorch's .pt and .pth, NumPy's .npz: it begins with 'conv1.we'"),
        ("tar", Tar(), "is a tar archive, PyTorch's oldest layout"),
        ("zip without end", [.. "PK\x03\x04"u8, .. new byte[100]], "is a truncated zip archive: its directory is missing"),
        ("empty zip", [.. "PK\x05\x06"u8, .. new byte[18]], "is a zip archive, but neither PyTorch's (data.pkl) nor NumPy's (.npy)"),
        ("pickle of something else", [0x80, 2, (byte)'K', 1, (byte)'.'], "is a pickle, but not one that torch.save wrote"),
    ];

    static byte[] Tar()
    {
        byte[] tar = new byte[1024];
        "sys_info"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        return tar;
    }

    static IEnumerable<TestCaseData> OtherFiles => Others.Select(o => new TestCaseData(o.Content, o.Reason).SetArgDisplayNames(o.Name));

    [TestCaseSource(nameof(OtherFiles))]
    public void Other_files_are_told_for_what_they_are(byte[] content, string reason)
    {
        string path = _folder.Write("weights.pth", content);
        Assert.That(() => StateFile.Open(path), Throws.TypeOf<StateFileException>().With.Message.StartsWith($"{path}: {reason}").And.Message.Not.Contains("\n"));
    }

    [Test]
    public void What_cannot_be_opened_is_one_line()
    {
        Assert.That(() => StateFile.Open(_folder.File("none")), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{_folder.File("none")}: there is no such file"));
        Assert.That(() => StateFile.Open(_folder.Path), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{_folder.Path}: is a folder, a file was expected"));
    }

    [Test]
    public void The_content_tells_the_format_and_not_the_name()
    {
        string zip = _folder.Write("a.safetensors", File.ReadAllBytes(CheckpointFiles.At("types.pt"))), safetensors = _folder.File("a.pth");
        var writer = new SafetensorsWriter { Metadata = { ["k"] = "v" } };
        writer.Add("x", [2], [1f, 2]);
        writer.Write(safetensors);
        using IStateFile first = StateFile.Open(zip), second = StateFile.Open(safetensors);
        Assert.That((first.Format, second.Format, second.Metadata["k"]), Is.EqualTo(("PyTorch zip", "safetensors", "v")));
    }

    [Test]
    public void A_closed_file_is_no_longer_read()
    {
        var file = StateFile.Open(CheckpointFiles.At("types.pt"));
        file.Dispose();
        Assert.That(() => file.Read("float32"), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase("resnet20-cifar10.th")]
    [TestCase("mnist-cnn-4conv.pt")]
    public void Real_checkpoints_hold_what_PyTorch_reads_in_them(string name)
    {
        using var file = StateFile.Open(SharedFiles.Weights(name));
        var expected = CheckpointFiles.Json.GetProperty("real").GetProperty(name).EnumerateObject().ToList();
        Assert.That(file.Names, Is.EqualTo(expected.Select(e => e.Name)));
        foreach (var array in expected)
        {
            float[] values = file.Read(array.Name);
            Assert.That(file.ShapeOf(array.Name).Sizes.ToArray(), Is.EqualTo(array.Value[0].EnumerateArray().Select(s => s.GetInt32())), array.Name);
            double sum = array.Value[1].GetDouble(), squares = array.Value[2].GetDouble();
            Assert.That(values.Sum(v => (double)v), Is.EqualTo(sum).Within(1e-12 * Math.Max(1, squares)), array.Name);
            Assert.That(values.Sum(v => (double)v * v), Is.EqualTo(squares).Within(1e-12 * squares), array.Name);
        }
    }
}
