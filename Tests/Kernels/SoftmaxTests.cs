using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class SoftmaxTests(string deviceName) : DeviceTests(deviceName)
{
    static readonly SoftmaxShape[] Shapes = [new(5, 10), new(3, 1), new(2, 37), new(4, 130), new(1, 301), new(0, 7)];

    [TestCaseSource(nameof(Shapes))]
    public void Values_and_gradients_agree_with_the_definition(SoftmaxShape s)
    {
        int n = s.Rows * s.Classes;
        double[] x = Draw.Uniform(new Random(1), n, -9, 9), dy = Draw.Uniform(new Random(2), n);
        ArrayView<float> onX = On(x), onDy = On(dy), y = Fresh(n), dx = Fresh(n), logY = Fresh(n), logDx = Fresh(n);
        Device.Softmax.Forward(onX, y, s);
        Device.Softmax.Backward(y, onDy, dx, s);
        Device.Softmax.LogForward(onX, logY, s);
        Device.Softmax.LogBackward(logY, onDy, logDx, s);

        Close.Check(SoftmaxDefinitions.Softmax(x, s.Classes), Read(y), 2e-6, 1e-9, "softmax");
        Close.Check(SoftmaxDefinitions.LogSoftmax(x, s.Classes), Read(logY), 3e-7, 3e-7, "log softmax");
        Close.Check(CentralDifferences.Of(v => CentralDifferences.Dot(SoftmaxDefinitions.Softmax(v, s.Classes), dy), x), Read(dx), 3e-6, 2e-7, "gradient");
        Close.Check(CentralDifferences.Of(v => CentralDifferences.Dot(SoftmaxDefinitions.LogSoftmax(v, s.Classes), dy), x), Read(logDx), 3e-6, 2e-6, "log gradient");

        ArrayView<float> place = On(x), gradient = On(dy);
        Device.Softmax.Forward(place, place, s);
        Device.Softmax.Backward(y, gradient, gradient, s);
        Assert.That(Read(place), Is.EqualTo(Read(y)), "y in x's place");
        Assert.That(Read(gradient), Is.EqualTo(Read(dx)), "dx in dy's place");
    }

    [Test]
    public void Scores_far_apart_do_not_overflow_and_specials_follow_PyTorch()
    {
        double inf = double.PositiveInfinity, nan = double.NaN;
        double[] x = [1000, 999, -1000, -inf, 0, 1, 1, 2, nan, inf, 0, 1, -inf, -inf, -inf];
        var s = new SoftmaxShape(5, 3);
        ArrayView<float> y = Fresh(15), logs = Fresh(15);
        Device.Softmax.Forward(On(x), y, s);
        Device.Softmax.LogForward(On(x), logs, s);
        double e = Math.Exp(-1), p = 1 / (1 + e);
        Close.Check([p, e * p, 0, 0, e * p, p, nan, nan, nan, nan, nan, nan, nan, nan, nan], Read(y), 3e-7, 0, "softmax");
        double l = Math.Log(p);
        Close.Check([l, l - 1, l - 2000, -inf, l - 1, l, nan, nan, nan, nan, nan, nan, nan, nan, nan], Read(logs), 3e-7, 0, "log softmax");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Odds_agree_with_the_definition(SoftmaxShape s)
    {
        var rng = new Random(5);
        double[] x = Draw.Uniform(rng, s.Rows * s.Classes, -9, 9);
        int[] labels = [.. Enumerable.Range(0, s.Rows).Select(_ => rng.Next(s.Classes))];
        var scores = Fresh(2 * s.Rows);
        Device.Softmax.Odds(On(x), On(labels), scores, s);
        Close.Check(SoftmaxDefinitions.Odds(x, labels, s.Classes), Read(scores), 3e-6, 0, "odds");
    }

    [Test]
    public void Odds_keep_digits_where_the_probability_is_near_1_and_tell_what_is_no_label()
    {
        var scores = Fresh(10);
        Device.Softmax.Odds(On(30f, 0, 1, 2, 100, 99, -90, 0, 0, 1, 1, 1, 1, 2, 3), On(0, 1, 0, -1, 3), scores, new(5, 3));
        double e = Math.Exp(1);
        Close.Check([30, (1 + e) * Math.Exp(-30), 100, Math.Exp(-98) + Math.Exp(-1), -90, double.PositiveInfinity, double.NaN, double.NaN, double.NaN, double.NaN], Read(scores), 5e-7, 0, "odds");
    }

    [TestCase(5, 10, false), TestCase(5, 10, true), TestCase(1, 3, true), TestCase(270, 2, true), TestCase(2, 130, false), TestCase(3, 1, false)]
    public void Cross_entropy_and_its_gradient_agree_with_the_definition(int rows, int classes, bool weighted)
    {
        var (rng, s) = (new Random(3), new SoftmaxShape(rows, classes));
        double[] x = Draw.Uniform(rng, rows * classes, -7, 7), weights = weighted ? Draw.Uniform(rng, classes, 0.2, 3) : [], dloss = [-1.75];
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => rng.Next(classes))];
        ArrayView<float> loss = Fresh(1), probabilities = Fresh(x.Length), dx = Fresh(x.Length), onWeights = On(weights);
        var onLabels = On(labels);
        Device.Softmax.CrossEntropyForward(On(x), onLabels, onWeights, loss, probabilities, s);
        Device.Softmax.CrossEntropyBackward(probabilities, onLabels, onWeights, On(dloss), dx, s);

        Close.Check([SoftmaxDefinitions.CrossEntropy(x, labels, weights, classes)], Read(loss), 1e-6, 1e-7, "loss");
        Close.Check(SoftmaxDefinitions.Softmax(x, classes), Read(probabilities), 2e-6, 1e-9, "probabilities");
        double[] expected = CentralDifferences.Of(v => dloss[0] * SoftmaxDefinitions.CrossEntropy(v, labels, weights, classes), x, 1e-5);
        Close.Check(expected, Read(dx), 3e-6, 1e-7, "gradient");
    }

    [Test]
    public void A_hopeless_label_has_a_large_loss_and_no_label_a_NaN()
    {
        var s = new SoftmaxShape(2, 3);
        var x = On(0f, 500f, -500f, 1f, 2f, 3f);
        ArrayView<float> loss = Fresh(1), probabilities = Fresh(6), dx = Fresh(6);
        Device.Softmax.CrossEntropyForward(x, On(2, 2), default, loss, probabilities, s);
        Close.Check([(1000 + Math.Log(1 + Math.Exp(-1) + Math.Exp(-2))) / 2], Read(loss), 2e-7, 0, "loss");
        foreach (int wrong in new[] { -1, 3 })
        {
            Device.Softmax.CrossEntropyForward(x, On(0, wrong), default, loss, probabilities, s);
            Device.Softmax.CrossEntropyBackward(probabilities, On(0, wrong), default, On(1f), dx, s);
            Assert.That(Read(loss)[0], Is.NaN, $"label {wrong}");
            Assert.That(Read(dx), Is.All.NaN, $"label {wrong}");
        }
        Device.Softmax.CrossEntropyForward(default, default, default, loss, default, new(0, 3));
        Assert.That(Read(loss)[0], Is.NaN, "no rows");
    }

    [TestCase(1, 1f), TestCase(37, 1f), TestCase(1003, 2.5f), TestCase(17_001, 0.25f)]
    public void Binary_cross_entropy_and_its_gradient_agree_with_the_definition(int count, float positiveWeight)
    {
        var rng = new Random(4);
        double[] x = Draw.Uniform(rng, count, -8, 8), targets = Draw.Uniform(rng, count, 0, 1), dloss = [2.25], expected = new double[count];
        for (int i = 0; i < count; i++)
        {
            double t = targets[i], h = 1e-5;
            expected[i] = dloss[0] / count * (SoftmaxDefinitions.BinaryCrossEntropy([x[i] + h], [t], positiveWeight) - SoftmaxDefinitions.BinaryCrossEntropy([x[i] - h], [t], positiveWeight)) / (2 * h);
        }
        ArrayView<float> loss = Fresh(1), dx = Fresh(count), onX = On(x), onTargets = On(targets);
        Device.Softmax.BinaryCrossEntropyForward(onX, onTargets, positiveWeight, loss);
        Device.Softmax.BinaryCrossEntropyBackward(onX, onTargets, positiveWeight, On(dloss), dx);
        Close.Check([SoftmaxDefinitions.BinaryCrossEntropy(x, targets, positiveWeight)], Read(loss), 1e-6, 0, "loss");
        Close.Check(expected, Read(dx), 3e-6, 1e-6 / count, "gradient");
    }

    [Test]
    public void Binary_cross_entropy_of_large_logits_is_linear()
    {
        var loss = Fresh(1);
        Device.Softmax.BinaryCrossEntropyForward(On(200f, -300f), On(0f, 1f), 3f, loss);
        Assert.That(Read(loss)[0], Is.EqualTo((200f + 3 * 300f) / 2));
    }
}
