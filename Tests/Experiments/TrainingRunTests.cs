using System.Text.Json;
using IlgpuXai.Cli;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class TrainingRunTests
{
    static readonly TrainingPlan s_plan = new("mnist-cnn", Epochs: 3, Batch: 32, Rate: 0.002, Validation: 0.1);
    static readonly string[] s_words = ["--epochs", "3", "--batch", "32", "--rate", "0.002", "--validation", "0.1", "--quiet"];

    TempFolder _folder = null!;
    byte[] _straight = null!;

    [OneTimeSetUp]
    public void TrainOnce()
    {
        _folder = new();
        Assert.That(Run(Words("straight")), Is.EqualTo((0, "", "")));
        _straight = Weights("straight");
    }

    [OneTimeTearDown] public void Remove() => _folder.Dispose();

    [Test]
    public void Evaluate_finds_in_the_weights_what_train_wrote_about_them()
    {
        Assert.That(Directory.GetFiles(_folder.File("straight")).Select(Path.GetFileName).Order(), Is.EqualTo((string[])["mnist-cnn.json", "mnist-cnn.safetensors", "mnist-cnn.svg"]));
        var manifest = JsonSerializer.Deserialize<TrainingManifest>(File.ReadAllText(_folder.File("straight/mnist-cnn.json")), Json.Options)!;
        var (code, output, _) = Run(["evaluate", "--data", SmallStudy.Data, "--weights", _folder.File("straight/mnist-cnn.safetensors"), "--json"]);
        Assert.That(code, Is.Zero);
        using var json = JsonDocument.Parse(output);
        Assert.That(json.RootElement.GetProperty("report").GetProperty("accuracy").GetDouble(), Is.EqualTo(manifest.TestAccuracy));
        Assert.That(json.RootElement.GetProperty("sha256").GetString(), Is.EqualTo(manifest.Sha256));
        Assert.That(manifest.TrainingImagesSha256, Is.EqualTo(StudyData.Sha256(GeneratedDigits.Create(320, 11, Split.Train))));
        Assert.That((manifest.Training.TrainingImages, manifest.Training.ValidationImages, manifest.Training.Epochs.Count), Is.EqualTo((288, 32, 3)));
        Assert.That(manifest.TestAccuracy, Is.GreaterThan(0.3), "it has learnt something");
    }

    [Test]
    public void A_training_stopped_after_an_epoch_ends_with_the_same_weights()
    {
        StopAfterFirstEpoch("stopped");
        Assert.That(File.Exists(_folder.File("stopped/mnist-cnn.checkpoint")));
        var (code, _, error) = Run(Words("stopped"));
        Assert.That((code, error), Is.EqualTo((1, $"{_folder.File("stopped/mnist-cnn.checkpoint")}: an unfinished training; continue it with --resume, replace it with --overwrite, or choose another folder with --out\n")));
        Assert.That(Run(Words("stopped", "--resume")), Is.EqualTo((0, "", "")));
        Assert.That(Weights("stopped"), Is.EqualTo(_straight));
        Assert.That(File.Exists(_folder.File("stopped/mnist-cnn.checkpoint")), Is.False);
    }

    // A folder where a temporary file should be: writing the manifest fails, as with a full disk.
    [Test]
    public void A_training_that_could_not_write_its_manifest_is_resumed_without_training_again()
    {
        string obstacle = Directory.CreateDirectory(_folder.File("late/mnist-cnn.json.part")).FullName;
        var (code, _, error) = Run(Words("late"));
        Assert.That((code, error.Contains("mnist-cnn.json: cannot be written", StringComparison.Ordinal)), Is.EqualTo((1, true)), error);
        Assert.That(File.Exists(_folder.File("late/mnist-cnn.safetensors")) && File.Exists(_folder.File("late/mnist-cnn.checkpoint")));
        Assert.That(Run(Words("late")).Code, Is.EqualTo(1), "not unasked");
        Directory.Delete(obstacle);
        File.Delete(_folder.File("late/mnist-cnn.safetensors"));

        var recorder = new Recorder();
        using var device = new CpuDevice();
        new TrainingRun(_folder.File("late"), "mnist-cnn").Run(device, s_plan, Data(), "again", resume: true, overwrite: false, recorder);
        Assert.That(recorder.Notes, Is.Empty, "no epoch again");
        Assert.That(Weights("late"), Is.EqualTo(_straight));
        Assert.That(Directory.GetFiles(_folder.File("late")), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_checkpoint_is_not_continued_with_other_images_of_the_same_number()
    {
        StopAfterFirstEpoch("images");
        string other = _folder.File("other");
        SmallStudy.WriteIdx(other, Split.Train, GeneratedDigits.Create(320, 12, Split.Train));
        SmallStudy.WriteIdx(other, Split.Test, GeneratedDigits.Create(160, 11, Split.Test));
        var (code, _, error) = Run(["train", "--data", other, "--out", _folder.File("images"), "--resume", .. s_words]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.StartWith(_folder.File("images/mnist-cnn.checkpoint")).And.Contain("belongs to another training").And.Contain(StudyData.Sha256(GeneratedDigits.Create(320, 11, Split.Train))));
    }

    [Test]
    public void A_finished_training_is_replaced_only_when_asked()
    {
        Assert.That(Run(Words("twice")).Code, Is.Zero);
        string exists = $"{_folder.File("twice/mnist-cnn.safetensors")}: exists; replace it with --overwrite, or choose another folder with --out\n";
        Assert.That(Run(Words("twice")), Is.EqualTo((1, "", exists)));
        Assert.That(Run(Words("twice", "--resume")), Is.EqualTo((1, "", exists)));
        Assert.That(Run([.. Words("twice", "--overwrite"), "--seed", "2"]), Is.EqualTo((0, "", "")));
        Assert.That(Weights("twice"), Is.Not.EqualTo(_straight));
    }

    [Test]
    public void What_cannot_be_trained_is_refused_before_anything_is_written()
    {
        Assert.That(Run(Words("both", "--resume", "--overwrite")), Is.EqualTo((2, "", "--resume and --overwrite contradict each other: continue the training or replace it\n")));
        string file = _folder.Write("file", [1]);
        Assert.That(Run(Words("file")), Is.EqualTo((1, "", $"{file}: is a file, a folder for the weights was expected\n")));
        string small = _folder.File("small");
        SmallStudy.WriteIdx(small, Split.Train, new([.. Enumerable.Repeat((byte)9, 4 * 5 * 6)], 1, 5, 6, [0, 1, 2, 3], GeneratedDigits.Create(1, 1, Split.Test).ClassNames));
        SmallStudy.WriteIdx(small, Split.Test, GeneratedDigits.Create(10, 11, Split.Test));
        var (code, _, error) = Run(["train", "--data", small, "--out", _folder.File("refused"), .. s_words]);
        Assert.That((code, error), Is.EqualTo((1, "the images are [1, 5, 6], the network expects [1, 28, 28] (channels, height, width)\n")));
        Assert.That(Directory.Exists(_folder.File("refused")) || Directory.Exists(_folder.File("both")), Is.False);
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_refused_before_the_first_epoch()
    {
        if (!Directory.Exists("/proc/self")) Assert.Ignore("needs /proc");
        var recorder = new Recorder();
        using var device = new CpuDevice();
        Assert.That(() => new TrainingRun("/proc/self", "mnist-cnn").Run(device, s_plan, Data(), "", resume: false, overwrite: false, recorder),
            Throws.TypeOf<DataException>().With.Message.StartsWith("/proc/self").And.Message.Contains("cannot be written"));
        Assert.That(recorder.Notes, Is.Empty);
    }

    void StopAfterFirstEpoch(string name)
    {
        using var device = new CpuDevice();
        using var stop = new CancellationTokenSource();
        Assert.That(() => new TrainingRun(_folder.File(name), "mnist-cnn").Run(device, s_plan, Data(), "", resume: false, overwrite: false, new Recorder("epoch 1/3", stop.Cancel), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    static StudyData Data() => StudyData.Load(SmallStudy.Data, GeneratedPreset.Default, 1);

    byte[] Weights(string name) => File.ReadAllBytes(_folder.File($"{name}/mnist-cnn.safetensors"));

    string[] Words(string name, params string[] more) => ["train", "--data", SmallStudy.Data, "--out", _folder.File(name), .. s_words, .. more];

    static (int Code, string Output, string Error) Run(string[] words)
    {
        using StringWriter output = new(), error = new();
        return (CommandLine.Run(words, output, error), output.ToString(), error.ToString());
    }
}
