using System.Security.Cryptography;
using System.Text.Json;
using IlgpuXai.Cli;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class WeightsCommandTests
{
    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(words, output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Test]
    public void A_file_is_listed_array_by_array()
    {
        string path = CheckpointFiles.At("parallel.pt");
        var (code, output, error) = Run("weights", path);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("0.weight").And.Contain("3×2×2×2").And.Not.Contain("module."));
        Assert.That(output, Does.Contain($"{path}: PyTorch zip, 2,966 bytes, 9 arrays, 43 parameters\nSHA-256 {Digest(path)}\nentry: model\n"));
    }

    [Test]
    public void As_json_with_digests_every_array_can_be_told_apart()
    {
        using var json = JsonDocument.Parse(Run("weights", CheckpointFiles.At("views.pt"), "--json", "--sha256").Output);
        var arrays = json.RootElement.GetProperty("arrays").EnumerateArray().ToDictionary(a => a.GetProperty("name").GetString()!);
        using var file = StateFile.Open(CheckpointFiles.At("views.pt"));
        Assert.That(arrays["transposed"].GetProperty("sha256").GetString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(file.ReadBytes("transposed")))));
        Assert.That(arrays["transposed"].GetProperty("shape").EnumerateArray().Select(s => s.GetInt32()), Is.EqualTo(new[] { 5, 3, 4 }));
        Assert.That(arrays.Values.Select(a => a.GetProperty("sha256").GetString()).Distinct().Count(), Is.EqualTo(arrays.Count - 1), "two are empty");
    }

    [Test]
    public void A_checkpoint_becomes_safetensors_of_the_same_numbers()
    {
        string to = _folder.File("out.safetensors");
        var (code, output, error) = Run("convert", CheckpointFiles.At("parallel-legacy.pth"), to);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Is.EqualTo($"{to}: 9 arrays, {Numbers.Count(new FileInfo(to).Length)} bytes, SHA-256 {Digest(to)}\n"));
        using IStateFile from = StateFile.Open(CheckpointFiles.At("parallel-legacy.pth")), written = StateFile.Open(to);
        Assert.That(written.Metadata["source"], Is.EqualTo("parallel-legacy.pth"));
        Assert.That((written.Metadata["source_format"], written.Metadata["entry"], written.Metadata["source_sha256"]), Is.EqualTo(("PyTorch before 1.6", "model", Digest(from.Path))));
        Assert.That(written.Names.Select(n => "module." + n), Is.EquivalentTo(from.Names));
        foreach (string name in written.Names) Assert.That(written.ReadBytes(name), Is.EqualTo(from.ReadBytes("module." + name)), name);
    }

    [Test]
    public void Types_stay_unless_another_is_asked_for()
    {
        string same = _folder.File("same"), half = _folder.File("half");
        Assert.That(Run("convert", CheckpointFiles.At("types.pt"), same).Error, Is.Empty);
        Assert.That(Run("convert", CheckpointFiles.At("types.pt"), half, "--type", "F16").Error, Is.Empty);
        using IStateFile from = StateFile.Open(CheckpointFiles.At("types.pt")), a = StateFile.Open(same), b = StateFile.Open(half);
        foreach (string name in from.Names)
        {
            Assert.That(a.TypeOf(name), Is.EqualTo(from.TypeOf(name)));
            Assert.That(b.TypeOf(name), Is.EqualTo(from.TypeOf(name).HoldsFractions() ? DType.F16 : from.TypeOf(name)));
            Assert.That(b.Read(name), Is.EqualTo(from.Read(name)), name);
        }
    }

    [Test]
    public void What_is_there_is_replaced_only_when_asked()
    {
        string to = _folder.Write("there", [1, 2, 3]);
        Assert.That(Run("convert", CheckpointFiles.At("types.pt"), to), Is.EqualTo((1, "", $"{to}: is there already; replace it with --overwrite\n")));
        Assert.That(File.ReadAllBytes(to), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Run("convert", CheckpointFiles.At("types.pt"), to, "--overwrite").Code, Is.Zero);
        Assert.That(Run("convert", to, to, "--overwrite").Code, Is.Zero, "onto itself");
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo((string[])[to]));
    }

    [Test]
    public void Numbers_that_a_half_cannot_hold_are_not_made_infinite()
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", [2], [1f, 65520]);
        writer.Write(_folder.File("w"));
        Assert.That(Run("convert", _folder.File("w"), _folder.File("half"), "--type", "F16").Error,
            Is.EqualTo($"{_folder.File("w")}: 'w' holds numbers beyond 65504, the most that F16 can; --type BF16 or F32 can\n"));
        Assert.That(File.Exists(_folder.File("half")), Is.False);
    }

    [TestCase("weights", "none.pth", "none.pth: there is no such file\n")]
    [TestCase("weights", "resnet81", "resnet81: there is no such file, and no weights are called so; did you mean 'resnet18'?\n")]
    [TestCase("evaluate", "--weights=resnet81", "resnet81: there is no such file, and no weights are called so; did you mean 'resnet18'?\n")]
    public void What_is_nowhere_is_one_line(string command, string word, string expected) => Assert.That(Run(command, word), Is.EqualTo((1, "", expected)));

    [Test]
    public void The_registry_is_listed_with_what_is_here()
    {
        var (code, output, error) = Run("weights", "list");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Match(@"mnist-cnn +mnist-cnn +10 +mnist +a11227a1 +shipped +MIT\n").And.Match(@"resnet50-v2 +resnet50 +1000 +imagenet +11ad3fa6 +(no|fetched) +BSD-3-Clause"));
    }

    static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
