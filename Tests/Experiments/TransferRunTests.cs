using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>A small untrained network on pictures whose class is their colour: its features tell them apart.</summary>
public sealed class TransferRunTests : IDisposable
{
    static readonly TransferPlan s_plan = new("resnet20", HeadKind.Pooled, Epochs: 30, Rate: 0.02) { Batch = 8, Preprocessing = Preprocessing.Cifar10, Seed = 3 };

    readonly CpuDevice _device = new(2);
    TempFolder _folder = null!;

    [SetUp]
    public void Make()
    {
        _folder = new();
        using var f = ModelCatalogue.Find("resnet20").Create(new Initializer(_device, 1));
        f.Save(Backbone);
        var random = new Random(2);
        foreach (var (name, red, count) in new[] { ("cold", 0, 12), ("warm", 1, 20) })
            for (int i = 0; i < count; i++) WritePicture(name, i, red, random);
    }

    string Backbone => _folder.File("resnet20.safetensors");
    string Pictures => _folder.File("pictures");

    [Test]
    public void A_head_on_frozen_features_learns_the_classes_and_the_saved_network_gives_its_answers()
    {
        var run = new TransferRun(_folder.File("out"), overwrite: false);
        var outcome = Run(run, s_plan);
        var split = outcome.Splits.Single();
        Assert.That((split.Training, split.Validation, split.Test), Is.EqualTo((21, 3, 8)));
        Assert.That(split.Accuracy, Is.EqualTo(1));
        Assert.That(outcome.Classes, Is.EqualTo((string[])["cold", "warm"]));
        Assert.That(File.Exists(run.Manifest) && File.Exists(run.History));

        Assert.That(WeightFiles.ModelOf(run.Weights), Is.EqualTo("resnet20"));
        using var network = Network.Load(_device, "resnet20", run.Weights);
        Assert.That((network.Classifier.Classes, network.Classes[1], network.Preprocessing), Is.EqualTo((2, "warm", Preprocessing.Cifar10)));
        var told = Prediction.Of(network.Classifier, _device, PictureInput.ReadAll(PictureInput.Files([Pictures]), network.Preprocessing!), network.Classes, 1).ToList();
        Assert.That(told.Count(p => p.Picture.Contains(p.Classes[0].Name!, StringComparison.Ordinal)), Is.GreaterThan(30));
        foreach (var (name, tensor) in network.Classifier.State().Where(s => s.Name.StartsWith("backbone.", StringComparison.Ordinal)))
        {
            using var file = StateFile.Open(Backbone);
            Assert.That(tensor.ToArray(), Is.EqualTo(file.Read(name["backbone.".Length..])), $"{name} is frozen");
        }
    }

    [Test]
    public void Features_are_computed_once_and_again_for_what_changed()
    {
        string folder = _folder.File("out");
        var notes = new Recorder();
        var first = Run(new(folder, true), s_plan);
        string[] entries = Directory.GetFiles(Path.Combine(folder, "features"));
        Assert.That(entries, Has.Length.EqualTo(32));
        File.WriteAllBytes(entries[0], [1, 2, 3]);                           // damaged
        WritePicture("cold", 0, 0, new Random(77));                          // another picture of that name
        var second = Run(new(folder, true), s_plan, notes);
        Assert.That(notes.Notes, Has.Some.EqualTo("30 of 32 pictures had features from an earlier run").Or.Some.EqualTo("31 of 32 pictures had features from an earlier run"));
        Assert.That(Directory.GetFiles(Path.Combine(folder, "features")), Has.Length.EqualTo(33));
        Run(new(folder, true), s_plan with { Head = HeadKind.Dense, Epochs = 2 });
        Assert.That(Directory.GetFiles(Path.Combine(folder, "features")), Has.Length.EqualTo(65), "spatial features are others");
        Assert.That(second.Splits[0].HeadEpochs, Has.Count.EqualTo(first.Splits[0].HeadEpochs.Count));
    }

    [Test]
    public void The_same_seed_gives_the_same_network_and_splits_differ()
    {
        var plan = s_plan with { Splits = 2, Epochs = 3 };
        var (one, other) = (Run(new(_folder.File("a"), false), plan), Run(new(_folder.File("b"), false), plan));
        Assert.That(Json.Write(other.Splits), Is.EqualTo(Json.Write(one.Splits)));
        Assert.That(File.ReadAllBytes(_folder.File("b/network.safetensors")), Is.EqualTo(File.ReadAllBytes(_folder.File("a/network.safetensors"))));
        Assert.That(one.Splits[0].HeadEpochs[0].TrainingLoss, Is.Not.EqualTo(one.Splits[1].HeadEpochs[0].TrainingLoss));
    }

    [Test]
    public void Fine_tuning_moves_what_is_not_frozen_and_nothing_else()
    {
        var run = new TransferRun(_folder.File("out"), false);
        var outcome = Run(run, s_plan with { Epochs = 2, FineTuneEpochs = 1, FineTuneRate = 1e-3, Freeze = ["conv1.*", "bn1.*", "layer1.*", "layer2.*"], Balanced = true },
            augmentation: new([new HorizontalFlip(), new Shift(0.1)], seed: 4));
        Assert.That(outcome.Splits[0].FineTuneEpochs, Has.Count.EqualTo(1));
        using StateFilePair files = new(StateFile.Open(Backbone), StateFile.Open(run.Weights));
        foreach (string name in files.Before.Names.Where(n => !n.StartsWith("linear.", StringComparison.Ordinal)))
        {
            bool same = files.After.Read("backbone." + name).SequenceEqual(files.Before.Read(name));
            Assert.That(same, Is.EqualTo(!name.StartsWith("layer3", StringComparison.Ordinal)), name);      // frozen batch norms keep their statistics, too
        }
    }

    sealed record StateFilePair(IStateFile Before, IStateFile After) : IDisposable
    {
        public void Dispose()
        {
            Before.Dispose();
            After.Dispose();
        }
    }

    [Test]
    public void Files_that_are_no_pictures_are_all_named_and_left_out_only_on_request()
    {
        File.WriteAllText(Path.Combine(Pictures, "cold", "note.png"), "not a picture");
        File.WriteAllText(Path.Combine(Pictures, "warm", "empty.png"), "");
        Assert.That(() => Run(new(_folder.File("out"), false), s_plan), Throws.TypeOf<UserException>().With.Message.Contains("2 of 34 files are no readable pictures").And.Message.Contains("note.png").And.Message.Contains("empty.png"));
        Assert.That(Run(new(_folder.File("out"), false), s_plan with { Epochs = 1 }, skipBad: true).Skipped, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_folder_without_classes_and_weights_that_are_there_are_refused()
    {
        Directory.Delete(Path.Combine(Pictures, "cold"), recursive: true);
        Assert.That(() => Run(new(_folder.File("out"), false), s_plan), Throws.TypeOf<UserException>().With.Message.Contains("at least two sub-folders"));
        Directory.CreateDirectory(_folder.File("old"));
        File.WriteAllText(_folder.File("old/network.safetensors"), "");
        Assert.That(() => new TransferRun(_folder.File("old"), false), Throws.TypeOf<UserException>().With.Message.Contains("--overwrite"));
    }

    TransferOutcome Run(TransferRun run, TransferPlan plan, IReporter? reporter = null, Augmentation? augmentation = null, bool skipBad = false) =>
        run.Run(_device, plan, Pictures, Backbone, augmentation, skipBad, "", reporter ?? new Silent());

    void WritePicture(string name, int index, int red, Random random)
    {
        Directory.CreateDirectory(Path.Combine(Pictures, name));
        var bytes = new byte[36 * 40 * 3];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.Next(100) + (i % 3 == 0 ? 100 * red : i % 3 == 2 ? 100 * (1 - red) : 0));
        PngFile.Write(Path.Combine(Pictures, name, $"{index}.png"), new Image(40, 36, 3, bytes));
    }

    [TearDown] public void Remove() => _folder.Dispose();
    public void Dispose() => _device.Dispose();
}
