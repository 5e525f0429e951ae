using System.Text.Json;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Schedules and optimisers against PyTorch: <c>Goldens/training.py</c>.</summary>
sealed class PyTorchTrainingTests
{
    static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Engine", "Goldens", "training.json"))).RootElement;

    static IEnumerable<TestCaseData> Schedules =>
    [
        new("step", new StepRate(0.5, Every: 3, Factor: 0.3)),
        new("cosine", new CosineRate(0.5, Epochs: 8, Least: 0.01)),
        new("warm-up", new CosineRate(0.5, Epochs: 10, WarmUp: 3, WarmUpFrom: 0.1, Least: 0.01)),
        new("plateau", new PlateauRate(0.5, Factor: 0.2, Patience: 2)),
        new("plateau with cooldown", new PlateauRate(0.5, Factor: 0.2, Patience: 1, Cooldown: 2, Threshold: 0.01, Least: 0.01)),
    ];

    [TestCaseSource(nameof(Schedules))]
    public void Rates_are_PyTorchs(string name, LearningRate rate)
    {
        double[] losses = Golden.GetProperty("losses").Deserialize<double[]>()!, expected = Golden.GetProperty("schedules").GetProperty(name).Deserialize<double[]>()!;
        double[] actual = [.. expected.Select((_, epoch) => rate.At(epoch, losses.AsSpan(0, Math.Min(epoch, losses.Length)).ToArray()))];
        Assert.That(actual, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void A_plateau_counts_NaN_as_no_progress() =>
        Assert.That(new PlateauRate(1, Factor: 0.5, Patience: 1).At(3, [2, double.NaN, double.NaN]), Is.EqualTo(0.5));

    [Test]
    public void Within_an_epoch_a_cosine_moves_and_a_step_waits()
    {
        Assert.That(new CosineRate(1, Epochs: 2).At(0.5, []), Is.EqualTo((1 + Math.Cos(Math.PI / 4)) / 2).Within(1e-15));
        Assert.That(new CosineRate(1, Epochs: 2).At(7, []), Is.Zero.Within(1e-15));
        Assert.That(new StepRate(1, Every: 2).At(1.99, []), Is.EqualTo(1));
        Assert.That(new ConstantRate(0.25).At(3.5, [1, 2]), Is.EqualTo(0.25));
    }

    /// <summary>(w − x)², for one weight w [5].</summary>
    sealed class Valley : Module
    {
        readonly Parameter _w;
        public Valley(Device device) => _w = Param("w", device.Tensor([5], [0.5f, -0.25f, 2, -1.5f, 0.125f]));
        protected override Tensor Run(Tensor x, Pass pass) => (pass[_w] - x).Square();
    }

    static IEnumerable<TestCaseData> Optimizers =>
    [
        new("sgd", (Module m) => (Optimizer)new Sgd(m.Parameters())),
        new("sgd, decay", (Module m) => new Sgd(m.Parameters(), weightDecay: 0.1)),
        new("sgd, momentum, decay", (Module m) => new Sgd(m.Parameters(), momentum: 0.9, weightDecay: 0.1)),
        new("sgd, Nesterov, decay", (Module m) => new Sgd(m.Parameters(), momentum: 0.9, weightDecay: 0.1, nesterov: true)),
        new("adam", (Module m) => new Adam(m.Parameters())),
        new("adam, decay", (Module m) => new Adam(m.Parameters(), beta1: 0.8, beta2: 0.95, eps: 1e-3, weightDecay: 0.1)),
        new("adamw", (Module m) => Adam.W(m.Parameters())),
    ];

    [TestCaseSource(nameof(Optimizers))]
    public void Steps_are_PyTorchs(string name, Func<Module, Optimizer> make)
    {
        using var device = new CpuDevice(1);
        using (device.Scope())
        {
            using var valley = new Valley(device);
            using var optimizer = make(valley);
            var target = device.Tensor([5], [1, -1, 0.5f, 0.25f, 3]);
            foreach (double[] expected in Golden.GetProperty("optimizers").GetProperty(name).Deserialize<double[][]>()!)
            {
                using var g = Gradients.OfLoss(valley.Forward(target, Pass.Training(0, 0)).Mean(), valley.Parameters().Select(p => p.Value));
                optimizer.Step(g, 0.25);
                Close.Check(expected, valley.State().Single().Value.ToArray(), 1e-6, 1e-7, $"w after step {optimizer.Steps}");
            }
        }
        Assert.That(device.LiveBytes, Is.Zero);
    }

    [Test]
    public void Nesterov_without_momentum_is_refused()
    {
        using var device = new CpuDevice(1);
        using var valley = new Valley(device);
        Assert.That(() => new Sgd(valley.Parameters(), nesterov: true), Throws.ArgumentException.With.Message.EqualTo("sgd: Nesterov's rule needs momentum"));
    }
}
