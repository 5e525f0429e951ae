using System.Text;
using System.Text.RegularExpressions;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;
using Dropout = IlgpuXai.Engine.Dropout;
using Relu = IlgpuXai.Engine.Relu;

namespace IlgpuXai.Tests;

/// <summary>On a small problem that can be learned: which quarter of a noisy 8 × 6 image is bright.</summary>
sealed class TrainerTests
{
    static readonly Shape ImageShape = [1, 8, 6];
    string _folder = "";

    [SetUp]
    public void Make_folder() => _folder = Directory.CreateTempSubdirectory("trainer").FullName;

    [TearDown]
    public void Remove_folder() => Directory.Delete(_folder, recursive: true);

    sealed class Small : ImageClassifier
    {
        readonly Module _conv, _norm, _relu, _drop, _fc;

        public Small(Initializer init) : base(ImageShape, classes: 4)
        {
            _conv = Add("conv", new Conv2d(init, 1, 5, kernel: 3, padding: 1));
            _norm = Add("norm", new BatchNorm2d(init, 5));
            _relu = Add("relu", new Relu());
            _drop = Add("drop", new Dropout(0.25f));
            _fc = Add("fc", new Linear(init, 5 * 12, Classes));
        }

        protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, _conv, _norm, _relu);
        protected override Tensor RunHead(Tensor features, Pass pass) => Chain(features.MaxPool2d(2).Flatten(), pass, _drop, _fc);
    }

    /// <summary>A training of its own from the same seeds.</summary>
    sealed class Run : IDisposable
    {
        public Run(TrainingOptions options, int threads = 1, bool adam = false) : this(options, new CpuDevice(threads), adam) { }

        public Run(TrainingOptions options, Device device, bool adam)
        {
            Device = device;
            Model = new(new(Device, seed: 1));
            Optimizer = adam ? new Adam(Model.Parameters()) : new Sgd(Model.Parameters(), momentum: 0.9, weightDecay: 1e-3, nesterov: true);
            Trainer = new(Device, Model, Optimizer, options) { OnBatch = Progress.Add, OnEpoch = _ => AfterEpoch?.Invoke() };
        }

        public Device Device { get; }
        public Small Model { get; }
        public Optimizer Optimizer { get; }
        public Trainer Trainer { get; }
        public List<TrainingProgress> Progress { get; } = [];
        public Action? AfterEpoch { get; set; }

        public IReadOnlyList<EpochRecord> Fit(CancellationToken stop = default) => Trainer.Fit(Data(90, seed: 2, shuffle: 3), Data(40, seed: 4), stop);
        public float[][] Weights => [.. Model.State().Concat(Optimizer.State).Select(s => s.Value.ToArray())];

        public void Dispose()
        {
            Optimizer.Dispose();
            Model.Dispose();
            Assert.That(Device.LiveBytes, Is.Zero, "memory of a training");
            Device.Dispose();
        }
    }

    static ArrayBatches Data(int count, ulong seed, ulong? shuffle = null)
    {
        var random = new Generator(seed);
        var (images, labels) = (new float[count * ImageShape.Elements], new int[count]);
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.NextInt(4);
            for (int h = 0; h < 8; h++)
            for (int v = 0; v < 6; v++)
                images[(i * 8 + h) * 6 + v] = (float)(random.NextDouble() + (h / 4 * 2 + v / 3 == labels[i] ? 0.5 : 0));
        }
        return new(images, labels, ImageShape, size: 16, shuffle);
    }

    static TrainingOptions Options(int epochs = 5) => new(epochs, new CosineRate(0.05, 5, WarmUp: 1)) { Seed = 7 };

    [Test]
    public void A_problem_that_can_be_learned_is_learned()
    {
        using var run = new Run(Options(8), adam: true);
        var history = run.Fit();
        Assert.That(history[^1].Training.Loss, Is.LessThan(0.5 * history[0].Training.Loss));
        Assert.That(run.Trainer.Best!.Validation!.Value.Accuracy, Is.GreaterThan(0.9));
    }

    [Test]
    public void The_same_seeds_give_the_same_bits_on_any_number_of_threads()
    {
        using Run first = new(Options()), again = new(Options()), threads = new(Options(), threads: 2), other = new(Options() with { Seed = 8 });
        foreach (var run in new[] { first, again, threads, other }) run.Fit();
        Assert.That(again.Weights, Is.EqualTo(first.Weights));
        Assert.That(threads.Weights, Is.EqualTo(first.Weights));
        Assert.That(threads.Trainer.History, Is.EqualTo(first.Trainer.History));
        Assert.That(other.Weights, Is.Not.EqualTo(first.Weights), "another dropout seed");
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Gpus))]
    public void A_training_on_generated_kernels_follows_the_processor_and_repeats_its_bits(string device)
    {
        using Run run = new(Options(2), TestDevices.Open(device), adam: false), again = new(Options(2), TestDevices.Open(device), adam: false), cpu = new(Options(2));
        foreach (var training in new[] { run, again, cpu }) training.Fit();
        Assert.That(again.Weights, Is.EqualTo(run.Weights));
        foreach (var (ours, theirs) in run.Trainer.History.Zip(cpu.Trainer.History)) Assert.That(ours.Training.Loss, Is.EqualTo(theirs.Training.Loss).Within(1e-4).Percent);
        foreach (var (ours, theirs) in run.Weights.Zip(cpu.Weights)) Close.Check(Array.ConvertAll(theirs, v => (double)v), ours, 1e-3, 2e-4, "weights after 12 steps");
    }

    [TestCase(false, TestName = "An interrupted SGD training ends with the bits of an uninterrupted one")]
    [TestCase(true, TestName = "An interrupted Adam training ends with the bits of an uninterrupted one")]
    public void An_interrupted_training_ends_with_the_bits_of_an_uninterrupted_one(bool adam)
    {
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        using Run straight = new(Options() with { Checkpoint = whole }, adam: adam);
        straight.Fit();

        using (Run first = new(Options() with { Checkpoint = parts }, adam: adam))
        {
            using var stop = new CancellationTokenSource();
            first.AfterEpoch = () => { if (first.Trainer.History.Count == 2) stop.Cancel(); };
            Assert.That(() => first.Fit(stop.Token), Throws.InstanceOf<OperationCanceledException>());
        }
        using Run rest = new(Options() with { Checkpoint = parts }, threads: 2, adam: adam);
        rest.Fit();

        Assert.That(rest.Progress[0].Epoch, Is.EqualTo(2), "it went on where it stopped");
        Assert.That(rest.Weights, Is.EqualTo(straight.Weights));
        Assert.That(rest.Trainer.History, Is.EqualTo(straight.Trainer.History));
        Assert.That(File.ReadAllBytes(parts), Is.EqualTo(File.ReadAllBytes(whole)), "checkpoints");
    }

    [Test]
    public void A_finished_training_is_not_repeated()
    {
        var options = Options(2) with { Checkpoint = Path.Combine(_folder, "c") };
        using Run first = new(options), second = new(options);
        first.Fit();
        Assert.That(second.Fit(), Is.EqualTo(first.Trainer.History));
        Assert.That(second.Progress, Is.Empty);
        Assert.That(second.Weights, Is.EqualTo(first.Weights));
    }

    [Test]
    public void A_checkpoint_of_another_training_is_refused()
    {
        string path = Path.Combine(_folder, "c");
        using Run first = new(Options(1) with { Checkpoint = path }), second = new(Options(1) with { Checkpoint = path, Seed = 9 });
        first.Fit();
        Assert.That(() => second.Fit(), Throws.TypeOf<StateFileException>().With.Message.StartsWith($"{path}: belongs to another training: 'Small; 90 images in 6 batches; SGD, momentum 0.9 (Nesterov), weight decay 0.001; CosineRate"));
        first.Model.Save(path);
        Assert.That(() => second.Fit(), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: is not a training checkpoint: its metadata lacks 'format'"));
    }

    [Test]
    public void The_best_weights_are_kept()
    {
        // The rate explodes in the fourth epoch: the best epoch is an earlier one.
        using var run = new Run(new(5, new StepRate(0.02, Every: 3, Factor: 100)) { BestBy = BestBy.Accuracy });
        float[][]? atBest = null;
        run.AfterEpoch = () => { if (run.Trainer.Best!.Epoch == run.Trainer.History.Count - 1) atBest = [.. run.Model.State().Select(s => s.Value.ToArray())]; };
        var history = run.Fit();
        Assert.That(run.Trainer.Best!.Epoch, Is.LessThan(3));
        Assert.That(run.Trainer.Best!.Validation!.Value.Accuracy, Is.EqualTo(history.Max(h => h.Validation!.Value.Accuracy)));
        Assert.That(run.Model.State().Select(s => s.Value.ToArray()), Is.EqualTo(atBest));
        Assert.That(run.Model.Evaluate(run.Device, Data(40, seed: 4)), Is.EqualTo(run.Trainer.Best!.Validation));
    }

    [Test]
    public void Patience_ends_a_training_that_gets_no_better()
    {
        using var run = new Run(new(50, new ConstantRate(0)) { Patience = 3 });
        run.Fit();
        // A rate of 0 leaves the weights, but batch statistics move: count from the best epoch.
        Assert.That(run.Trainer.History, Has.Count.EqualTo(run.Trainer.Best!.Epoch + 4));
    }

    [Test]
    public void Progress_names_every_batch()
    {
        using var run = new Run(Options(2));
        run.Fit();
        Assert.That(run.Progress.Select(p => (p.Epoch, p.Batch, p.Batches)), Is.EqualTo(
            from epoch in Enumerable.Range(0, 2) from batch in Enumerable.Range(1, 6) select (epoch, batch, 6)));
        Assert.That(run.Progress[0].Rate, Is.EqualTo(0.005).Within(1e-12), "the warm-up's first step");
        Assert.That(run.Progress[^1].Loss, Is.EqualTo(run.Trainer.History[^1].Training.Loss));
        Assert.That(run.Progress.Select(p => p.ImagesPerSecond), Has.All.Positive);
    }

    [Test]
    public void The_loss_is_the_weighted_mean_of_its_definition()
    {
        float[] weights = [0.5f, 1, 2, 5];
        var options = Options(1) with { ClassWeights = weights };
        using Run run = new(options), untouched = new(options);
        run.Fit();

        // The first batch through the same weights, with the same dropout.
        var first = Data(90, seed: 2, shuffle: 3).Epoch(0).First();
        int[] labels = first.Labels.ToArray();
        using var scope = untouched.Device.Scope();
        float[] scores = untouched.Model.Forward(untouched.Device.Tensor([labels.Length, .. ImageShape], first.Images.Span), Pass.Training(options.Seed, 0)).ToArray();
        var expected = OpDefinitions.CrossEntropy(new([labels.Length, 4], Array.ConvertAll(scores, v => (double)v)), labels, Array.ConvertAll(weights, v => (double)v));
        Assert.That(run.Progress[0].Loss, Is.EqualTo(expected.Values[0]).Within(1e-6));
    }

    [Test]
    public void A_checkpoint_whose_history_lacks_an_epoch_is_refused()
    {
        string path = Path.Combine(_folder, "c");
        using Run first = new(Options(1) with { Checkpoint = path }), second = new(Options(2) with { Checkpoint = path });
        first.Fit();
        string file = File.ReadAllText(path, Encoding.Latin1);
        string damaged = Regex.Replace(file, """(?<="history":")(?:[^"\\]|\\.)*""", m => "[null]".PadRight(m.Length));
        Assert.That(damaged, Is.Not.EqualTo(file));
        File.WriteAllText(path, damaged, Encoding.Latin1);
        float[][] before = second.Weights;
        Assert.That(() => second.Fit(), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: its history is not readable"));
        Assert.That(second.Weights, Is.EqualTo(before));
    }

    [Test]
    public void A_step_that_lacks_a_gradient_or_has_a_negative_rate_is_no_step()
    {
        using var device = new CpuDevice(1);
        var model = new Small(new(device, seed: 1));
        using var optimizer = new Sgd(model.Parameters());
        using var scope = device.Scope();
        Parameter[] parameters = [.. optimizer.Parameters.Select(p => p.Value)];
        var loss = model.Forward(device.Full([2, .. ImageShape], 0.5f), Pass.Training(1, 0)).CrossEntropy([0, 3]);
        using Gradients some = Gradients.OfLoss(loss, parameters[..^1]), all = Gradients.OfLoss(loss, parameters);
        float[][] before = [.. model.State().Select(s => s.Value.ToArray())];
        Assert.That(() => optimizer.Step(some, 0.1), Throws.TypeOf<KeyNotFoundException>());
        Assert.That(() => optimizer.Step(all, -0.1), Throws.ArgumentException.With.Message.EqualTo("optimizer: learning rate -0.1 must be at least 0"));
        Assert.That(() => optimizer.Step(all, double.NaN), Throws.ArgumentException);
        Assert.That(optimizer.Steps, Is.Zero);
        Assert.That(model.State().Select(s => s.Value.ToArray()), Is.EqualTo(before));
    }

    [Test]
    public void Settings_without_a_meaning_are_refused()
    {
        Assert.That(() => new StepRate(0.1, Every: 0).At(1, []), Throws.ArgumentException.With.Message.EqualTo("learning rate: a step every 0 epochs, at least 1 was expected"));
        Assert.That(() => new Adam([], beta1: 1), Throws.ArgumentException.With.Message.EqualTo("adam: betas 1 and 0.999 must be at least 0 and below 1"));
        Assert.That(() => new Adam([], beta2: -0.5), Throws.ArgumentException.With.Message.EqualTo("adam: betas 0.9 and -0.5 must be at least 0 and below 1"));
    }

    [Test]
    public void A_loss_that_explodes_ends_the_training_in_one_line()
    {
        using var run = new Run(new(5, new ConstantRate(1e30)));
        Assert.That(() => run.Fit(), Throws.TypeOf<TrainingException>().With.Message.StartsWith("training: the loss became ").And.Message.Contains("in epoch 1, batch "));
    }

    [Test]
    public void Each_epoch_shuffles_anew_and_every_image_comes_once()
    {
        float[] images = [.. Enumerable.Range(0, 50).Select(i => (float)i)];
        int[] labels = [.. Enumerable.Range(0, 50)];
        var batches = new ArrayBatches(images, labels, [1, 1, 1], size: 8, seed: 1);
        int[] Order(int epoch) => [.. batches.Epoch(epoch).SelectMany(b => b.Labels.ToArray())];
        int[] first = Order(0);
        Assert.That(first, Is.EquivalentTo(labels).And.Not.EqualTo(labels));
        Assert.That(Order(0), Is.EqualTo(first));
        Assert.That(Order(1), Is.Not.EqualTo(first));
        Assert.That(batches.Epoch(3).SelectMany(b => b.Images.ToArray().Zip(b.Labels.ToArray())), Has.All.Matches<(float Image, int Label)>(p => p.Image == p.Label));
        Assert.That(batches.Count, Is.EqualTo(batches.Epoch(0).Count()));
    }
}
