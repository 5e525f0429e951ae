using System.Text.Json;
using IlgpuXai.Cli;
using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class DataCommandTests
{
    TempFolder _folder = null!;

    [SetUp]
    public void Make()
    {
        _folder = new();
        foreach (string name in (string[])["set/cat/1.png", "set/cat/2.png", "set/dog/3.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            _folder.Write(name, PngFile.Encode(Noise.Picture(20 + name[8], 41, 3)));
        }
        _folder.Write("set/dog/bad.png", [1, 2, 3]);
        Directory.CreateDirectory(_folder.File("set/emu"));
    }

    [TearDown] public void Remove() => _folder.Dispose();

    static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(words, output, error), output.ToString(), error.ToString());
    }

    [Test]
    public void List_counts_classes_and_names_every_bad_file()
    {
        var (code, output, error) = Run("data", "list", _folder.File("set"));
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain($"{_folder.File("set/dog/bad.png")}: ").And.Contain($"{_folder.File("set/emu")}: holds no picture").And.Contain("3 pictures of 3 classes, 1 that cannot be read").And.Contain("69–70"));
        using var json = JsonDocument.Parse(Run("data", "list", _folder.File("set"), "--json").Output);
        Assert.That(json.RootElement.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("pictures").GetInt32()), Is.EqualTo((int[])[2, 1, 0]));
        Assert.That(json.RootElement.GetProperty("bad")[0].GetProperty("path").GetString(), Is.EqualTo(_folder.File("set/dog/bad.png")));
    }

    [Test]
    public void Preview_writes_a_sheet()
    {
        string sheet = _folder.File("sheet.png");
        var (code, output, error) = Run("data", "preview", _folder.File("set"), "--rotation", "20", "--flip", "--zoom", "0.2", "--brightness", "0.3", "--fill", "reflect", "--count", "6",
            "--preprocessing", "none,resize=30,crop=30", "--skip-bad", "--out", sheet);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("resized from ").And.Contain($"{sheet}: 3 originals, 2 versions each"));
        var image = PngFile.Read(sheet);
        Assert.That((image.Width, image.Height), Is.EqualTo((16 + 30 + 2 * 34, 4 + 3 * 34)));
    }

    [Test]
    public void Preview_of_one_picture_needs_no_folder()
    {
        var (code, output, _) = Run("data", "preview", _folder.File("set/cat/1.png"), "--shift", "0.1", "--count", "3", "--json", "--out", _folder.File("p.png"));
        Assert.That(code, Is.Zero);
        using var json = JsonDocument.Parse(output);
        Assert.That((json.RootElement.GetProperty("versions").GetInt32(), json.RootElement.GetProperty("pictures").GetArrayLength()), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Bad_words_and_files_are_one_line_and_leave_nothing()
    {
        string sheet = _folder.File("sheet.png");
        Check(1, "bad.png: ", _folder.File("set"));
        Check(1, "nowhere: no such file", "nowhere");
        Check(2, "preprocessing 'imagnet': 'imagnet' is no preset", _folder.File("set"), "--preprocessing", "imagnet");
        Check(2, "--rotation '200': a number from 0 to 180 was expected", _folder.File("set"), "--rotation", "200");
        Check(2, "--fill 'mirror': ", _folder.File("set"), "--fill", "mirror");
        Assert.That(Run("data", "list", "nowhere"), Is.EqualTo((1, "", "nowhere: no such folder\n")));
        Assert.That(Run("data"), Is.EqualTo((2, "", "data: list or preview was expected\n")));

        void Check(int expectedCode, string expected, params string[] words)
        {
            var (code, output, error) = Run(["data", "preview", .. words, "--out", sheet]);
            Assert.That((code, output, error.Count(c => c == '\n')), Is.EqualTo((expectedCode, "", 1)), error);
            Assert.That(error, Does.Contain(expected));
            Assert.That(File.Exists(sheet), Is.False);
        }
    }
}
