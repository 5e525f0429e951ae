using System.Text.Json.Nodes;
using IlgpuXai.Cli;
using IlgpuXai.Data;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Runs that train their own network.</summary>
public class TrainedStudyTests
{
    static readonly Preset s_preset = PresetCatalogue.Get("mnist-occlusion") with { Training = new(Epochs: 3, Batch: 32, Rate: 0.002) };

    TempFolder _folder = null!;
    RunResults _straight = null!;

    [OneTimeSetUp]
    public void RunOnce()
    {
        _folder = new();
        _straight = Run("straight");
    }

    [OneTimeTearDown] public void Remove() => _folder.Dispose();

    [Test]
    public void The_network_stays_in_the_run_and_can_be_used_again()
    {
        Assert.That(_straight.Network.Sha256, Is.EqualTo(Network.HashOf(_folder.File("straight/network.safetensors"))));
        Assert.That(_straight.Network.Training!.Epochs, Has.Count.EqualTo(3));
        Assert.That(File.Exists(_folder.File("straight/training.checkpoint")), Is.False);
        var loaded = Run("loaded", o => o with { Train = false, Weights = _folder.File("straight/network.safetensors") });
        Assert.That(Json.Write(loaded.Scores), Is.EqualTo(Json.Write(_straight.Scores)));
    }

    [Test]
    public void A_run_stopped_while_it_trains_ends_with_the_same_bytes()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(() => Run("stopped", reporter: new("epoch 1/3", stop.Cancel), stop: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Run("stopped", o => o with { Resume = true });
        AssertSame("stopped");
    }

    [Test]
    public void A_run_that_could_not_write_its_history_is_resumed_without_training_again()
    {
        string obstacle = _folder.File("late/network.json.part");
        Assert.That(() => Run("late", reporter: new("epoch 3/3", () => Directory.CreateDirectory(obstacle))), Throws.TypeOf<DataException>().With.Message.Contains("network.json: cannot be written"));
        Assert.That(File.Exists(_folder.File("late/training.checkpoint")));
        Directory.Delete(obstacle);
        var recorder = new Recorder();
        Run("late", o => o with { Resume = true }, recorder);
        Assert.That(recorder.Notes.Where(n => n.StartsWith("epoch", StringComparison.Ordinal)), Is.Empty, "no epoch again");
        AssertSame("late");
    }

    [Test]
    public void A_run_knows_the_images_it_trains_on()
    {
        Assert.That(JsonNode.Parse(File.ReadAllText(_folder.File("straight/run.json")))!["trainingData"]!.GetValue<string>(), Is.EqualTo(StudyData.Sha256(GeneratedDigits.Create(320, 11, Split.Train))));
        string other = _folder.File("other");
        SmallStudy.WriteIdx(other, Split.Train, GeneratedDigits.Create(320, 12, Split.Train));
        SmallStudy.WriteIdx(other, Split.Test, GeneratedDigits.Create(160, 11, Split.Test));
        Assert.That(() => Run("straight", o => o with { Data = other, Resume = true }), Throws.TypeOf<UserException>().With.Message.Contains("other settings (trainingData "));
    }

    [Test]
    public void Training_images_that_cannot_be_used_cost_no_earlier_run_and_leave_nothing_behind()
    {
        string bad = _folder.File("bad"), earlier = _folder.File("earlier");
        foreach (string file in Directory.GetFiles(SmallStudy.Data))
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(bad).FullName, Path.GetFileName(file)), File.ReadAllBytes(file)[..^(file.Contains("train-images", StringComparison.Ordinal) ? 5 : 0)]);
        Run("earlier", o => o with { Train = false, Weights = SmallStudy.Weights });
        string[] before = [.. Directory.GetFiles(earlier, "*", SearchOption.AllDirectories).Order()];
        Assert.That(() => Run("earlier", o => o with { Data = bad, Overwrite = true }), Throws.TypeOf<DataException>().With.Message.Contains("is truncated"));
        Assert.That(Directory.GetFiles(earlier, "*", SearchOption.AllDirectories).Order(), Is.EqualTo(before));
        Assert.That(() => Run("new", o => o with { Data = bad }), Throws.TypeOf<DataException>());
        Assert.That(Directory.Exists(_folder.File("new")), Is.False);
    }

    [Test]
    public void A_damaged_history_is_one_line()
    {
        Run("damaged");
        File.WriteAllText(_folder.File("damaged/network.json"), "{ \"plan\": ");
        File.Delete(_folder.File("damaged/results.json"));
        Assert.That(() => Run("damaged", o => o with { Resume = true }), Throws.TypeOf<DataException>().With.Message
            .EqualTo($"{_folder.File("damaged/network.json")}: is damaged: not the JSON this program writes there; replace the run with --overwrite"));
    }

    [Test]
    public void The_command_line_trains_too()
    {
        using var error = new StringWriter();
        string folder = _folder.File("typed");
        int code = CommandLine.Run(["run", "mnist-occlusion", "--train", "--epochs", "9", "--data", SmallStudy.Data, "--images", "2", "--window", "9", "--stride", "9", "--out", folder, "--quiet"], TextWriter.Null, error);
        Assert.That((code, error.ToString()), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(Path.Combine(folder, "report.html")), Does.Contain("trained in this run, seed 1").And.Contain("Training loss by epoch").Or.Contain("held-out loss by epoch"));
    }

    RunResults Run(string name, Func<RunOptions, RunOptions>? change = null, Recorder? reporter = null, CancellationToken stop = default)
    {
        var options = new RunOptions { Out = _folder.File(name), Data = SmallStudy.Data, Train = true, Images = 3, Window = 8, Stride = 7 };
        using var device = new CpuDevice();
        return new Study(s_preset, change?.Invoke(options) ?? options, device, reporter).Run(stop);
    }

    void AssertSame(string name)
    {
        foreach (string file in (string[])["results.json", "scores.csv", "network.safetensors", "network.json"])
            Assert.That(File.ReadAllBytes(_folder.File($"{name}/{file}")), Is.EqualTo(File.ReadAllBytes(_folder.File($"straight/{file}"))), file);
    }
}
