using System.Text.Json;
using IlgpuXai.Cli;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class CommandLineTests
{
    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    [TestCase("rnu", "unknown command 'rnu': did you mean 'run'?")]
    [TestCase("", "a command is missing: run, explain, predict, train, transfer, evaluate, data, weights, convert, devices, kernels, experiments, models, plan, methods; --help says more")]
    [TestCase("plan rsenet50", "unknown model 'rsenet50': did you mean 'resnet50'?")]
    [TestCase("plan resnet50 --batch 0", "--batch '0': a whole number from 1 on was expected")]
    [TestCase("plan resnet50 --threads 0", "--threads '0': a whole number from 1 to 1024 was expected")]
    [TestCase("run mnist-oclusion", "unknown experiment 'mnist-oclusion': did you mean 'mnist-occlusion'?")]
    [TestCase("run mnist-occlusion --imags 3", "unknown option '--imags': did you mean '--images'?")]
    [TestCase("run mnist-occlusion --images two", "--images 'two': a whole number from 2 on was expected")]
    [TestCase("run mnist-occlusion --images 1", "--images '1': a whole number from 2 on was expected")]
    [TestCase("run mnist-occlusion --seed -1", "--seed '-1': a whole number, 0 or more was expected")]
    [TestCase("run mnist-occlusion --resume --overwrite", "--resume and --overwrite contradict each other: continue the run or replace it")]
    [TestCase("run mnist-occlusion --baseline black", "baseline 'black' is none of: a number, mean, blur, blur:SIGMA, or one number per channel with commas between")]
#if !ILGPU_BOUND
    [TestCase("run mnist-occlusion --device cpu:7", "device 'cpu:7': there is no device 7, only 0")]
    [TestCase("run mnist-occlusion --device smit", "unknown device 'smit': did you mean 'simt'?")]
#endif
    [TestCase("run", "an experiment is missing: mnist-occlusion")]
    [TestCase("run --images 4", "an experiment is missing: mnist-occlusion")]
    [TestCase("run mnist-occlusion --baseline 0,0.5", "baseline '0,0.5': 2 values for images of 1 channel")]
    [TestCase("evaluate --model mnist-cn", "unknown model 'mnist-cn': did you mean 'mnist-cnn'?")]
    [TestCase("models rsenet50 --layers", "unknown model 'rsenet50': did you mean 'resnet50'?")]
    [TestCase("models --layers", "--layers: the name of a model was expected")]
    [TestCase("explain x.png --method oclusion", "unknown method 'oclusion': did you mean 'occlusion'?")]
    [TestCase("transfer x --model resnet50 --head dens", "--head 'dens': did you mean 'dense'?")]
    [TestCase("explain x.png --preprocessing imagnet", "preprocessing 'imagnet': 'imagnet' is no preset; there are none, imagenet, caffe, tf, cifar10, mnist")]
    [TestCase("explain x.png --colours virdis", "--colours 'virdis': did you mean 'viridis'?")]
    [TestCase("weights", "weights: a file, list or fetch NAME was expected")]
    [TestCase("weights fetch", "weights fetch: a name is missing; weights list shows them")]
    [TestCase("weights fetch resnet81", "unknown weights 'resnet81': did you mean 'resnet18'?")]
    [TestCase("weights --jsn", "unknown option '--jsn': did you mean '--json'?")]
    [TestCase("convert a --overwite", "unknown option '--overwite': did you mean '--overwrite'?")]
    [TestCase("convert a b --type F61", "--type 'F61': did you mean 'F64'?")]
    [TestCase("train --optimizer adma", "--optimizer 'adma': did you mean 'adam'?")]
    public void A_wrong_argument_is_one_line_and_code_2(string words, string expected)
    {
        string[] arguments = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.StartsWith("run mnist-occlusion", StringComparison.Ordinal)) arguments = [.. arguments, "--out", _folder.File("out")];
        var (code, output, error) = Run(arguments);
        Assert.That((error, code), Is.EqualTo((expected + "\n", 2)));
        Assert.That(output, Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty, "nothing is left behind");
    }

    static IEnumerable<TestCaseData> BadRuns()
    {
        static TestCaseData Case(string name, string expected, Func<TempFolder, string[]> words) => new TestCaseData(expected, words).SetArgDisplayNames(name);
        yield return Case("no data folder", "nowhere: no such folder", _ => ["--data", "nowhere"]);
        yield return Case("truncated IDX", "t10k-images-idx3-ubyte: is truncated", f =>
        {
            foreach (string file in Directory.GetFiles(SmallStudy.Data)) File.WriteAllBytes(f.File(Path.GetFileName(file)), File.ReadAllBytes(file)[..^5]);
            return ["--data", f.Path];
        });
        yield return Case("no weights", "none.safetensors: there is no such file", f => ["--weights", f.File("none.safetensors")]);
        yield return Case("not weights", "x.safetensors: ", f => ["--weights", f.Write("x.safetensors", [1, 2, 3])]);
        yield return Case("weights of another architecture", "does not hold a MnistCnn: missing: conv1.bias, ", f =>
        {
            var writer = new SafetensorsWriter();
            writer.Add("conv1.weight", [2, 3], new float[6]);
            writer.Add("stranger", [1], new float[1]);
            writer.Write(f.File("other.safetensors"));
            return ["--weights", f.File("other.safetensors")];
        });
        yield return Case("folder below a file", "cannot be written", f =>
        {
            f.Write("file", [1]);
            return ["--out", Path.Combine(f.File("file"), "below")];
        });
        yield return Case("folder that is a file", "is a file, a folder for the results was expected", f => ["--out", f.Write("file", [1])]);
        yield return Case("folder of somebody else", "is not empty and holds no run of this program", f =>
        {
            f.Write("mine.txt", [1]);
            return ["--out", f.Path];
        });
        yield return Case("folder that cannot be made", "/proc/ilgpuxai: cannot be written", _ => ["--out", "/proc/ilgpuxai"]);
        yield return Case("nothing to explain", "group 6: the network classifies 0 of its 0 test images correctly; a test needs at least 2", f =>
        {
            var digits = GeneratedDigits.Create(60, 4, Split.Test);
            SmallStudy.WriteIdx(f.File("eights"), Split.Test, digits.Subset(digits.IndicesOf(8)));
            return ["--data", f.File("eights")];
        });
        yield return Case("window larger than the image", "occlusion: window 29×29 must be between 1×1 and the image 28×28", _ => ["--window", "29"]);
        yield return Case("stride larger than the window", "or pixels stay uncovered", _ => ["--window", "3", "--stride", "4"]);
    }

    [TestCaseSource(nameof(BadRuns))]
    public void A_run_that_cannot_be_is_one_line_and_leaves_nothing_behind(string expected, Delegate words)
    {
        string[] more = ((Func<TempFolder, string[]>)words)(_folder), before = Entries();
        Dictionary<string, string> options = new() { ["--data"] = SmallStudy.Data, ["--weights"] = SmallStudy.Weights, ["--out"] = _folder.File("out") };
        for (int i = 0; i < more.Length; i += 2) options[more[i]] = more[i + 1];
        var (code, output, error) = Run(["run", "mnist-occlusion", .. options.SelectMany(o => (string[])[o.Key, o.Value])]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain(expected));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"), "one line");
        Assert.That(output, Does.Not.Contain("explaining").And.Not.Contain("report"));
        Assert.That(Entries(), Is.EqualTo(before), "nothing is left behind");

        string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order()];
    }

    [Test]
    public void All_that_is_wrong_with_weights_is_said_at_once()
    {
        var writer = new SafetensorsWriter();
        writer.Add("conv1.weight", [2, 3], new float[6]);
        writer.Add("stranger", [1], new float[1]);
        writer.Write(_folder.File("other.safetensors"));
        var (code, _, error) = Run("evaluate", "--data", SmallStudy.Data, "--weights", _folder.File("other.safetensors"));
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("fc1.weight and 2 more").And.Contain("unexpected: stranger").And.Contain("conv1.weight [2, 3] where [32, 1, 3, 3] was expected"));
    }

    [Test]
    public void Explain_writes_an_overlay_and_the_raw_signed_map()
    {
        string picture = Digit(6);
        var (code, output, error) = Run("explain", picture, "--weights", SmallStudy.Weights, "--window", "6", "--stride", "3", "--npy", "--zoom", "3", "--out", _folder.File("out"), "--json");
        Assert.That((code, error), Is.EqualTo((0, "")));
        using var json = JsonDocument.Parse(output);
        Assert.That(json.RootElement[0].GetProperty("files").EnumerateArray().Select(f => f.GetString()), Is.EqualTo((string[])[_folder.File("out/6-occlusion.png"), _folder.File("out/6-occlusion.npy")]));
        var overlay = PngFile.Read(_folder.File("out/6-occlusion.png"));
        Assert.That((overlay.Width, overlay.Height, overlay.Channels), Is.EqualTo((84, 84, 3)));
        var map = Npy.Read(_folder.File("out/6-occlusion.npy"));
        Assert.That(map.Shape, Is.EqualTo((int[])[28, 28]));
        Assert.That(map.As<float>().Max(), Is.EqualTo((float)json.RootElement[0].GetProperty("largest").GetDouble()));
    }

    [TestCase("saliency", 3), TestCase("input-x-gradient", 3), TestCase("integrated-gradients", 3), TestCase("grad-cam", 2)]
    public void Explain_writes_what_a_gradient_method_found_with_its_channels(string method, int rank)
    {
        var (code, output, error) = Run("explain", Digit(6), "--weights", SmallStudy.Weights, "--method", method, "--steps", "4", "--npy", "--out", _folder.File("out"), "--json");
        Assert.That((code, error), Is.EqualTo((0, "")));
        var raw = Npy.Read(_folder.File($"out/6-{method}.npy"));
        Assert.That(raw.Shape, Is.EqualTo(rank == 3 ? (int[])[1, 28, 28] : [12, 12]), "grad-cam's map has the size of the last spatial activations");
        Assert.That(raw.As<float>(), Has.All.Matches<float>(float.IsFinite).And.Some.Not.Zero);
        var overlay = PngFile.Read(_folder.File($"out/6-{method}.png"));
        Assert.That((overlay.Width, overlay.Height), Is.EqualTo((280, 280)));
        using var json = JsonDocument.Parse(output);
        Assert.That(json.RootElement[0].GetProperty("residual").ValueKind, Is.EqualTo(method == "integrated-gradients" ? JsonValueKind.Number : JsonValueKind.Null));
        Assert.That(Run("explain", Digit(6), "--weights", SmallStudy.Weights, "--method", method, "--layer", "relu9").Error, Is.EqualTo("unknown layer 'relu9': did you mean 'relu1'?\n"));
    }

    [Test]
    public void Pictures_explained_together_have_the_maps_of_each_alone_and_one_that_is_broken_stops_after_those_before_it()
    {
        string[] pictures = [.. Enumerable.Range(0, 7).Select(Digit)];
        string[] settings = ["--weights", SmallStudy.Weights, "--method", "saliency", "--npy", "--json"];
        var (code, output, error) = Run(["explain", .. pictures, .. settings, "--out", _folder.File("together")]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        using var json = JsonDocument.Parse(output);
        Assert.That(json.RootElement.EnumerateArray().Select(e => e.GetProperty("picture").GetString()), Is.EqualTo(pictures));
        for (int i = 0; i < pictures.Length; i++)
        {
            using var alone = JsonDocument.Parse(Run(["explain", pictures[i], .. settings, "--out", _folder.File("alone")]).Output);
            Assert.That(json.RootElement[i].GetProperty("probability").GetDouble(), Is.EqualTo(alone.RootElement[0].GetProperty("probability").GetDouble()));
            Assert.That(File.ReadAllBytes(_folder.File($"together/{i}-saliency.npy")), Is.EqualTo(File.ReadAllBytes(_folder.File($"alone/{i}-saliency.npy"))));
        }

        File.WriteAllText(pictures[4], "no picture");
        var broken = Run(["explain", .. pictures, .. settings, "--out", _folder.File("broken")]);
        Assert.That((broken.Code, broken.Output), Is.EqualTo((1, "")));
        Assert.That(broken.Error, Does.StartWith(pictures[4]).And.EndWith("\n"));
        Assert.That(Directory.GetFiles(_folder.File("broken"), "*.npy").Select(Path.GetFileName), Is.EquivalentTo((string[])["0-saliency.npy", "1-saliency.npy", "2-saliency.npy", "3-saliency.npy"]));
    }

    [TestCase("feature-ablation"), TestCase("lime"), TestCase("rise"), TestCase("score-cam"), TestCase("ablation-cam")]
    public void Perturbations_explain_and_their_maps_have_curves(string method)
    {
        string[] words = ["explain", Digit(6), "--weights", SmallStudy.Weights, "--method", method, "--segments", "grid:4", "--samples", "60", "--cells", "4", "--curves", "8", "--npy", "--json"];
        var (code, output, error) = Run([.. words, "--out", _folder.File("out")]);
        Assert.That((error, code), Is.EqualTo(("", 0)));
        using var json = JsonDocument.Parse(output);
        double Area(string curve) => json.RootElement[0].GetProperty("curves").GetProperty(curve).GetDouble();
        Assert.That(Area("deletion"), Is.InRange(0, 1));
        Assert.That(Area("insertion"), Is.InRange(0, 1));
        byte[] first = File.ReadAllBytes(_folder.File($"out/6-{method}.npy"));
        Assert.That(Run([.. words, "--out", _folder.File("again")]).Code, Is.Zero);
        Assert.That(File.ReadAllBytes(_folder.File($"again/6-{method}.npy")), Is.EqualTo(first), "the same coins");
    }

    [TestCase("--segments grid", "segments 'grid' are none of: grid:SIDE, slic:COUNT, slic:COUNT:COMPACTNESS")]
    [TestCase("--segments grid:29", "segments 'grid:29' do not fit images of 28×28")]
    [TestCase("--curves 785", "--curves 785: images have 784 pixels")]
    public void Segments_and_curves_that_do_not_fit_are_one_line_and_code_2(string words, string message) =>
        Assert.That(Run(["explain", Digit(6), "--weights", SmallStudy.Weights, "--method", "lime", .. words.Split(' ')]), Is.EqualTo((2, "", message + "\n")));

    [Test]
    public void The_trapezoid_needs_two_steps() =>
        Assert.That(Run("explain", Digit(6), "--weights", SmallStudy.Weights, "--method", "integrated-gradients", "--rule", "trapezoid", "--steps", "1"),
            Is.EqualTo((2, "", "--steps 1: the trapezoid rule needs both ends of the path, 2 steps at least\n")));

    [Test]
    public void Predict_ranks_classes_and_says_when_it_resized()
    {
        var (code, output, _) = Run("predict", Digit(8), "--weights", SmallStudy.Weights, "--top", "10", "--json");
        Assert.That(code, Is.Zero);
        using var json = JsonDocument.Parse(output);
        double[] p = [.. json.RootElement[0].GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("probability").GetDouble())];
        Assert.That(p, Has.Length.EqualTo(10).And.Ordered.Descending);
        Assert.That(p.Sum(), Is.EqualTo(1).Within(1e-12));
        PngFile.Write(_folder.File("large.png"), new Image(56, 42, 3, new byte[56 * 42 * 3]));
        Assert.That(Run("predict", _folder.File("large.png"), "--weights", SmallStudy.Weights).Output, Does.Contain("resized from 56×42 to 28×28"));
    }

    [Test]
    public void A_baseline_for_other_pictures_is_one_line_and_code_2()
    {
        var (code, output, error) = Run("explain", Digit(6), "--weights", SmallStudy.Weights, "--baseline", "1,0,0", "--out", _folder.File("out"));
        Assert.That((code, output, error), Is.EqualTo((2, "", "baseline '1,0,0': 3 values for images of 1 channel\n")));
        Assert.That(Directory.Exists(_folder.File("out")), Is.False);
    }

    [TestCase("not JSON"), TestCase("[]"), TestCase("null"), TestCase("{ \"program\": ")]
    public void A_damaged_run_json_is_one_line(string content)
    {
        string folder = _folder.File("out");
        Assert.That(Run(SmallStudy.Run(folder, "--quiet")).Code, Is.Zero);
        File.WriteAllText(Path.Combine(folder, "run.json"), content);
        var (code, _, error) = Run(SmallStudy.Run(folder, "--resume"));
        Assert.That((code, error), Is.EqualTo((1, $"{Path.Combine(folder, "run.json")}: is damaged: not the JSON this program writes there; replace the run with --overwrite, or choose another folder with --out\n")));
    }

    [Test]
    public void A_folder_without_permission_is_not_called_missing()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("needs a user who can be denied a folder");
            return;
        }
        string folder = Directory.CreateDirectory(_folder.File("closed/idx")).FullName;
        File.SetUnixFileMode(_folder.File("closed"), UnixFileMode.None);
        try { Assert.That(Run("evaluate", "--data", folder, "--weights", SmallStudy.Weights).Error, Does.StartWith($"{folder}: cannot be read: ")); }
        finally { File.SetUnixFileMode(_folder.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); }
    }

    [Test]
    public void A_picture_that_cannot_be_read_is_one_line()
    {
        var (code, output, error) = Run("predict", _folder.Write("x.png", [1, 2, 3]), "--weights", SmallStudy.Weights);
        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.StartWith(_folder.File("x.png")).And.EndsWith("\n"));
        Assert.That(error.Count(c => c == '\n'), Is.EqualTo(1));
    }

    [Test]
    public void Evaluate_counts_every_image()
    {
        var (code, output, _) = Run("evaluate", "--data", SmallStudy.Data, "--weights", SmallStudy.Weights, "--json");
        Assert.That(code, Is.Zero);
        using var json = JsonDocument.Parse(output);
        var report = json.RootElement.GetProperty("report");
        Assert.That(report.GetProperty("classes").EnumerateArray().Sum(c => c.GetProperty("support").GetInt32()), Is.EqualTo(160));
        Assert.That(report.GetProperty("accuracy").GetDouble(), Is.GreaterThan(0.5), "the small network has learnt something");
    }

    [Test]
    public void Run_as_json_is_the_results_and_nothing_else()
    {
        var (code, output, error) = Run([.. SmallStudy.Run(_folder.File("out")), "--json"]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Is.EqualTo(File.ReadAllText(_folder.File("out/results.json"))));
    }

    [TestCase("devices"), TestCase("experiments"), TestCase("models"), TestCase("methods")]
    public void Lists_are_there_for_people_and_programs(string command)
    {
        var (code, output, _) = Run(command, "--json");
        Assert.That(code, Is.Zero);
        using var json = JsonDocument.Parse(output);
        string name = json.RootElement[0].EnumerateObject().First().Value.GetString()!;
        Assert.That(Run(command).Output, Does.Contain(name));
    }

    [Test]
    public void Layers_are_listed_by_name_with_what_they_make_of_one_image()
    {
        string[] lines = Run("models", "resnet20", "--layers").Output.Split('\n');
        Assert.That(lines.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))), Is.SupersetOf(new[]
        {
            "layer kind output weights", "conv1 Conv2d 16×32×32 432", "layer2.1.conv1 Conv2d 32×16×16 9,216", "layer2.0.shortcut HalvedShortcut 32×16×16", "layer3.2.relu Relu 64×8×8", "linear Linear 10 650",
        }));
        using var json = JsonDocument.Parse(Run("models", "resnet20", "--layers", "--json").Output);
        var first = json.RootElement[0];
        Assert.That((first.GetProperty("layer").GetString(), first.GetProperty("weights").GetInt64(), first.GetProperty("output").GetArrayLength()), Is.EqualTo(("conv1", 432, 3)));
        Assert.That(json.RootElement.EnumerateArray().Select(l => l.GetProperty("output").ValueKind), Has.None.EqualTo(JsonValueKind.Null));
        Assert.That(Run("models", "densenet121").Output.TrimEnd().Split('\n'), Has.Length.EqualTo(2));
    }

    [Test]
    public void Without_a_terminal_the_output_is_plain()
    {
        string output = Run([.. SmallStudy.Run(_folder.File("out"))]).Output;
        Assert.That(output, Does.Contain("explaining: 8 images in ").And.Contain("whole image").And.Contain("report: ").And.Not.Contain("\u001b"));
    }

    string Digit(int label)
    {
        var images = GeneratedDigits.Create(10, 3, Split.Test);
        string path = _folder.File($"{label}.png");
        PngFile.Write(path, Image.FromPlanes(images.Image(label), 1, 28, 28));
        return path;
    }

    static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(words, output, error), output.ToString(), error.ToString());
    }
}
