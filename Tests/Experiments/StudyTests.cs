using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IlgpuXai.Cli;
using IlgpuXai.Data;
using IlgpuXai.Experiments;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class StudyTests
{
    static readonly string[] s_results = ["results.json", "scores.csv"];

    TempFolder _folder = null!;
    string _whole = null!;

    [OneTimeSetUp]
    public void RunOnce()
    {
        _folder = new();
        _whole = _folder.File("whole");
        Assert.That(Run(SmallStudy.Run(_whole)), Is.EqualTo((0, "")));
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void The_report_is_well_formed_and_needs_nothing_but_itself()
    {
        var page = XDocument.Parse(Report().Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        string[] references = [.. page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href" or "data" or "srcset").Select(a => a.Value)];
        Assert.That(references, Is.Not.Empty.And.All.StartsWith("data:image/png;base64,"));
        Assert.That(page.Descendants().Select(e => e.Name.LocalName), Has.None.EqualTo("script").And.None.EqualTo("link").And.None.EqualTo("iframe"));
        Assert.That(Regex.Matches(Report(), @"url\(|@import"), Is.Empty);
    }

    [Test]
    public void The_report_says_what_the_results_say()
    {
        var results = JsonSerializer.Deserialize<RunResults>(File.ReadAllText(Path.Combine(_whole, "results.json")), Json.Options)!;
        string text = XDocument.Parse(Report().Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!.Value;
        foreach (var score in results.Scores)
            foreach (var o in score.Regions.Append(score.Overall))
            {
                string[] said = [Numbers.Long(o.Welch.T), Numbers.P(o.Welch.P), Numbers.Short(o.Welch.Difference), Numbers.Short(o.CohenD.Value), Numbers.Short(o.Groups[0].Mean), Prose.Reading(results, score, o)];
                foreach (string s in said) Assert.That(text, Does.Contain(s), o.Region);
            }
        Assert.That(text, Does.Contain(results.Hypothesis).And.Contain(results.Network.Sha256).And.Contain(Prose.Answer(results)).And.Contain("top 0–8, middle 9–18 and bottom 19–27"));
    }

    [Test]
    public void A_run_on_an_OpenCL_device_reaches_the_same_conclusions()
    {
        TestDevices.OrIgnore(() => Kernels.Devices.Open("opencl")).Dispose();
        string folder = _folder.File("opencl");
        Assert.That(Run(SmallStudy.Run(folder, "--device", "opencl")), Is.EqualTo((0, "")));
        foreach (string map in Directory.GetFiles(Path.Combine(_whole, "maps")))
        {
            float[] cpu = Npy.Read(map).ToFloats(), opencl = Npy.Read(Path.Combine(folder, "maps", Path.GetFileName(map))).ToFloats();
            double distance = cpu.Zip(opencl, (a, b) => Math.Pow(b - a, 2)).Sum(), norm = cpu.Sum(a => (double)a * a);
            Assert.That(Math.Sqrt(distance / norm), Is.LessThanOrEqualTo(1e-4), Path.GetFileName(map));
        }
        RunResults[] results = [.. new[] { _whole, folder }.Select(f => JsonSerializer.Deserialize<RunResults>(File.ReadAllText(Path.Combine(f, "results.json")), Json.Options)!)];
        foreach (var (a, b) in results[0].Scores.Zip(results[1].Scores))
            foreach (var (x, y) in a.Regions.Append(a.Overall).Zip(b.Regions.Append(b.Overall)))
                Assert.That((y.Welch.P < 0.05, Math.Sign(y.Welch.Difference)), Is.EqualTo((x.Welch.P < 0.05, Math.Sign(x.Welch.Difference))), x.Region);
    }

    [Test]
    public void Scores_and_results_follow_from_the_raw_maps()
    {
        var results = JsonSerializer.Deserialize<RunResults>(File.ReadAllText(Path.Combine(_whole, "results.json")), Json.Options)!;
        string[][] table = [.. File.ReadLines(Path.Combine(_whole, "scores.csv")).Select(l => l.Split(','))];
        Assert.That(table, Has.Length.EqualTo(1 + 8));
        int column = Array.IndexOf(table[0], "logit_drop_middle");
        foreach (var group in results.Groups)
        {
            var means = new List<double>();
            foreach (int index in group.Images)
            {
                var map = Npy.Read(Path.Combine(_whole, "maps", $"{group.Name}-{index:d5}.npy"));
                Assert.That(map.Shape, Is.EqualTo((int[])[2, 28, 28]));
                means.Add(Enumerable.Range(9 * 28, 10 * 28).Average(i => (double)map.As<float>()[i]));
                string[] row = table.Single(r => r[0] == $"{index}" && r[1] == group.Name);
                Assert.That(double.Parse(row[column]), Is.EqualTo(means[^1]).Within(1e-9));
            }
            var said = results.Primary.Regions[1].Groups.Single(g => g.Group == group.Name);
            Assert.That(said.Mean, Is.EqualTo(means.Average()).Within(1e-9));
        }
    }

    [Test]
    public void Threads_and_memory_change_no_bit()
    {
        string other = _folder.File("other");
        Assert.That(Run(SmallStudy.Run(other, "--threads", "1", "--memory", "1", "--overwrite")), Is.EqualTo((0, "")));
        AssertSame(other);
    }

    [Test]
    public void A_run_that_was_killed_ends_with_the_same_bytes_when_resumed()
    {
        string killed = _folder.File("killed");
        using (var child = Start(SmallStudy.Long(killed)))
        {
            WaitForMaps(child, killed, 2);
            child.Kill();
            child.WaitForExit();
        }
        int finished = Directory.GetFiles(Path.Combine(killed, "maps"), "*.npy").Length;
        Assert.That(finished, Is.InRange(2, 23), "killed in mid-run");
        Assert.That(File.Exists(Path.Combine(killed, "results.json")), Is.False);

        string[] again = SmallStudy.Long(killed, "--resume");
        DateTime first = File.GetLastWriteTimeUtc(Directory.GetFiles(Path.Combine(killed, "maps"), "*.npy").Order().First());
        Assert.That(Run(again), Is.EqualTo((0, "")));
        Assert.That(File.GetLastWriteTimeUtc(Directory.GetFiles(Path.Combine(killed, "maps"), "*.npy").Order().First()), Is.EqualTo(first), "what was finished is not computed again");
        string straight = _folder.File("straight");
        Assert.That(Run(SmallStudy.Long(straight)), Is.EqualTo((0, "")));
        AssertSame(killed, straight);
    }

    [Test]
    public void SIGTERM_is_told_in_one_line_and_by_code_130()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("needs signals");
        string folder = _folder.File("terminated");
        using var child = Start(SmallStudy.Long(folder));
        WaitForMaps(child, folder, 1);
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {child.Id}"])) kill.WaitForExit();
        string error = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.That(child.ExitCode, Is.EqualTo(130), error);
        Assert.That(error, Does.Match("^stopped after [0-9]+ of 24 images; nothing finished is lost: repeat the command with --resume to continue\n$"));
    }

    // A limit on the size of files stands for the full disk: maps fit below it, results do not.
    [Test]
    public void A_full_disk_is_one_line_and_costs_no_finished_map()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs Linux's limit on file sizes");
        string folder = _folder.File("full");
        using (var child = Start(SmallStudy.Run(folder), "trap '' XFSZ; ulimit -f 16; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; exec \"$0\" \"$@\""))
        {
            string error = child.StandardError.ReadToEnd();
            child.WaitForExit();
            Assert.That(child.ExitCode, Is.EqualTo(1), error);
            Assert.That(error, Does.StartWith(folder).And.Contain("cannot be written: ").And.EndsWith("\n"));
            Assert.That(error.Count(c => c == '\n'), Is.EqualTo(1), "one line");
        }
        Assert.That(File.Exists(Path.Combine(folder, "report.html")), Is.False);
        Assert.That(Directory.GetFiles(folder, "*.part", SearchOption.AllDirectories), Is.Empty);
        Assert.That(Directory.GetFiles(Path.Combine(folder, "maps")), Has.Length.EqualTo(8));
        Assert.That(Run(SmallStudy.Run(folder, "--resume")), Is.EqualTo((0, "")));
        AssertSame(folder);
    }

    [Test]
    public void A_run_that_is_asked_to_stop_finishes_its_image_and_says_how_to_go_on()
    {
        string folder = _folder.File("stopped");
        using var device = new Kernels.CpuDevice();
        using var stop = new CancellationTokenSource();
        var options = new RunOptions { Out = folder, Data = SmallStudy.Data, Weights = SmallStudy.Weights, Images = 4, Window = 8, Stride = 5 };
        var study = new Study(PresetCatalogue.Get("mnist-occlusion"), options, device, new StopAfter(3, stop));
        Assert.That(() => study.Run(stop.Token), Throws.TypeOf<StoppedException>().With.Message.Contains("after 3 of 8 images").And.Message.Contains("--resume"));
        Assert.That(Directory.GetFiles(Path.Combine(folder, "maps")), Has.Length.EqualTo(3));
        Assert.That(Run(SmallStudy.Run(folder, "--resume")), Is.EqualTo((0, "")));
        AssertSame(folder);
    }

    [Test]
    public void An_earlier_run_is_neither_mixed_in_nor_replaced_unasked()
    {
        string folder = _folder.File("earlier");
        Assert.That(Run(SmallStudy.Run(folder)).Code, Is.Zero);
        byte[] before = File.ReadAllBytes(Path.Combine(folder, "results.json"));
        var (code, error) = Run(SmallStudy.Run(folder));
        Assert.That((code, error), Is.EqualTo((1, $"{folder}: holds an earlier run; continue it with --resume, replace it with --overwrite, or choose another folder with --out")));
        (code, error) = Run([.. SmallStudy.Run(folder, "--resume"), "--baseline", "mean"]);
        Assert.That((code, error), Is.EqualTo((1, $"{folder}: belongs to a run with other settings (settings.method.baseline 0 → mean); repeat its settings, replace it with --overwrite, or choose another folder with --out")));
        Assert.That(File.ReadAllBytes(Path.Combine(folder, "results.json")), Is.EqualTo(before));
        File.WriteAllText(Path.Combine(folder, "mine.txt"), "mine");
        Assert.That(Run([.. SmallStudy.Run(folder, "--overwrite"), "--baseline", "mean"]), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllBytes(Path.Combine(folder, "results.json")), Is.Not.EqualTo(before));
        Assert.That(File.Exists(Path.Combine(folder, "mine.txt")), "a stranger's file stays");
    }

    sealed class StopAfter(int images, CancellationTokenSource stop) : IReporter
    {
        public void Note(string text) { }
        public IStage Begin(string name, string unit, int total) => name == "explaining" ? new Stage(images, stop) : new Silent();

        sealed class Stage(int images, CancellationTokenSource stop) : IStage
        {
            int _left = images;
            public void Advance(int items) { if ((_left -= items) == 0) stop.Cancel(); }
            public void Dispose() { }
        }
    }

    string Report() => File.ReadAllText(Path.Combine(_whole, "report.html"));

    void AssertSame(string folder, string? with = null)
    {
        with ??= _whole;
        foreach (string file in s_results) Assert.That(File.ReadAllBytes(Path.Combine(folder, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(with, file))), file);
        string[] maps = [.. Directory.GetFiles(Path.Combine(with, "maps")).Select(f => Path.GetFileName(f)).Order()];
        Assert.That(Directory.GetFiles(Path.Combine(folder, "maps")).Select(f => Path.GetFileName(f)).Order(), Is.EqualTo(maps));
        foreach (string map in maps) Assert.That(File.ReadAllBytes(Path.Combine(folder, "maps", map)), Is.EqualTo(File.ReadAllBytes(Path.Combine(with, "maps", map))), map);
    }

    static (int Code, string Error) Run(string[] words)
    {
        using var error = new StringWriter();
        int code = CommandLine.Run([.. words, "--quiet"], TextWriter.Null, error);
        return (code, error.ToString().TrimEnd('\n'));
    }

    static void WaitForMaps(Process child, string folder, int count)
    {
        string maps = Path.Combine(folder, "maps");
        var patience = Stopwatch.StartNew();
        while (!child.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60) && (!Directory.Exists(maps) || Directory.GetFiles(maps, "*.npy").Length < count)) Thread.Sleep(5);
    }

    // The script, if any, gets the command as $0 and its words as $@.
    static Process Start(string[] words, string? script = null)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ilgpuxai.dll"), .. words, "--quiet"];
        string[] all = script is null ? command : ["/bin/sh", "-c", script, .. command];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
