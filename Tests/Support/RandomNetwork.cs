using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>A small network of random layers, joined as networks join them: chains, residual sums, dense and side-by-side concatenation, pooling; every size odd somewhere.</summary>
sealed class RandomNetwork : ImageClassifier
{
    readonly List<Module> _features = [];
    readonly Module _head;

    public RandomNetwork(Device device, int seed) : base(Input(seed), 5)
    {
        var random = new Random(seed);
        var init = new Initializer(device, (ulong)seed);
        int channels = InputShape[0], size = InputShape[1];
        for (int i = 0, layers = random.Next(2, 7); i < layers; i++)
        {
            var module = Add($"layer{i}", Layer(random, init, channels, size, first: i == 0));
            _features.Add(module);
            using var scope = device.Scope();
            var shape = module.Forward(device.Zeros([1, channels, size, size])).Shape;
            (channels, size) = (shape[1], shape[2]);
        }
        _head = Add("head", new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(init, channels, 5)));
        // Batch norms that do something.
        foreach (var (name, value) in State())
            if (value.Shape.Rank == 1)
                value.Device.Upload<float>(Draw.Floats(Draw.Uniform(random, value.Shape.Elements, name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.5, 1.5)), value.View);
    }

    static Shape Input(int seed)
    {
        var random = new Random(seed + 7);
        int side = random.Next(9, 40);
        return [random.Next(3) == 0 ? 20 : random.Next(1, 5), side, side];
    }

    static Module Layer(Random random, Initializer init, int channels, int size, bool first)
    {
        int to = random.Next(1, 40);
        if (random.Next(3) == 0) to = 16 * random.Next(1, 4);
        switch (first ? 0 : random.Next(8))
        {
            case 1 when size >= 4:
                return new MaxPool2d(3, 2, 1, ceilMode: random.Next(2) == 0);
            case 2 when size >= 4:
                return new AvgPool2d(2);
            case 3:
                return new Joined(init, channels, to);
            case 4:
                return new Summed(init, channels, channels, null);
            case 5 when size >= 4:
                return new Summed(init, channels, to, 2);
            case 6:
                return new Sequential(new Dropout(), new Dense(init, channels, to), new Dense(init, channels + to, 16));
            default:
                int kernel = random.Next(1, Math.Min(6, size + 1)), stride = size > 6 ? random.Next(1, 3) : 1, dilation = kernel > 1 && size > 2 * kernel ? random.Next(1, 3) : 1;
                if (random.Next(2) == 0 && size >= 3) (kernel, stride, dilation) = (3, 1, 1);
                int groups = !first && channels % 2 == 0 && to % 2 == 0 && random.Next(3) == 0 ? 2 : 1;
                List<Module> chain = [new Conv2d(init, channels, to, kernel, stride, random.Next(kernel), dilation, groups, bias: random.Next(2) == 0)];
                if (random.Next(2) == 0) chain.Add(new BatchNorm2d(init, to));
                if (random.Next(3) > 0) chain.Add(new Engine.Relu());
                return new Sequential([.. chain]);
        }
    }

    protected override Tensor RunFeatures(Tensor x, Pass pass) => Chain(x, pass, [.. _features]);

    protected override Tensor RunHead(Tensor features, Pass pass) => _head.Forward(features, pass);

    sealed class Joined : Module
    {
        readonly Module _one, _three, _relu;

        public Joined(Initializer init, int channels, int to)
        {
            _one = Add("one", new Conv2d(init, channels, channels, 1));
            _relu = Add("relu", new Engine.Relu());
            _three = Add("three", new Conv2d(init, channels, to, 3, padding: 1));
        }

        protected override Tensor Run(Tensor x, Pass pass) => Tensor.Concat(1, Chain(x, pass, _one, _relu), Chain(x, pass, _three, _relu));
    }

    sealed class Dense : Module
    {
        readonly Module _norm, _relu, _conv;

        public Dense(Initializer init, int channels, int growth)
        {
            _norm = Add("norm", new BatchNorm2d(init, channels));
            _relu = Add("relu", new Engine.Relu());
            _conv = Add("conv", new Conv2d(init, channels, growth, growth % 2 == 0 ? 1 : 3, padding: growth % 2 == 0 ? 0 : 1, bias: false));
        }

        protected override Tensor Run(Tensor x, Pass pass) => Tensor.Concat(1, x, Chain(x, pass, _norm, _relu, _conv));
    }

    sealed class Summed : Module
    {
        readonly Module _conv1, _bn, _conv2;
        readonly Engine.Relu _relu;
        readonly Module? _shortcut;

        public Summed(Initializer init, int from, int to, int? stride)
        {
            _conv1 = Add("conv1", new Conv2d(init, from, to, 3, stride ?? 1, padding: 1, bias: false));
            _bn = Add("bn", new BatchNorm2d(init, to));
            _relu = Add("relu", new Engine.Relu());
            _conv2 = Add("conv2", new Conv2d(init, to, to, 3, padding: 1));
            if (stride is { } s) _shortcut = Add("shortcut", new Sequential(new Conv2d(init, from, to, 1, s, bias: false), new BatchNorm2d(init, to)));
        }

        protected override Tensor Run(Tensor x, Pass pass) => Residual(Chain(x, pass, _conv1, _bn, _relu, _conv2), _shortcut?.Forward(x, pass) ?? x, _relu, pass);
    }
}
