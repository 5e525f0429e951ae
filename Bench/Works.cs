using System.Text.Json.Nodes;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>The pieces of work a peer script can ask for, by name.</summary>
static class Works
{
    public static IWork Create(JsonObject what, Device device) => what["op"]!.GetValue<string>() switch
    {
        "conv2d.forward" => new Conv2dWork(device, Shape(what), static (d, x, w, y, s) => d.Conv2d.Forward(x, w, View.Empty, y, s)),
        "conv2d.backward_input" => new Conv2dWork(device, Shape(what), static (d, x, w, y, s) => d.Conv2d.BackwardInput(y, w, x, s)),
        "conv2d.backward_weight" => new Conv2dWork(device, Shape(what), static (d, x, w, y, s) => d.Conv2d.BackwardWeight(x, y, w, s)),
        "matmul" => new MatMulWork(device, new(Int(what, "m"), Int(what, "n"), Int(what, "k"))),
        "model.forward" => new ForwardWork(device, what["model"]!.GetValue<string>(), Int(what, "n"), Int(what, "size")),
        "model.gradient" => new GradientWork(device, what["model"]!.GetValue<string>(), Int(what, "n"), Int(what, "size")),
        "explain" => new ExplanationWork(device, what),
        "train" => new TrainingWork(device, Int(what, "images"), Int(what, "batch")),
        "jpeg.decode" => new PictureWork(what["folder"]!.GetValue<string>()),
        "preprocess" => new PreprocessWork(what),
        "occlusion" => new OcclusionWork(device, Int(what, "images"), Int(what, "window")),
        var other => throw new ArgumentException($"no work is called '{other}'"),
    };

    static Conv2dShape Shape(JsonObject o) => new(Int(o, "n"), Int(o, "c"), Int(o, "h"), Int(o, "w"), Int(o, "k"), Int(o, "r"), Int(o, "s"),
        Int(o, "stride"), Int(o, "stride"), Int(o, "pad"), Int(o, "pad"));

    static int Int(JsonObject o, string name) => o[name]!.GetValue<int>();
}

/// <summary>Buffers with values as a network would have them, the same in every run.</summary>
static class Random01
{
    public static DeviceBuffer<float> Buffer(Device device, int length, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = random.NextSingle() - 0.5f;
        var buffer = device.Allocate<float>(length);
        device.Upload<float>(values, buffer.View);
        return buffer;
    }
}

sealed class Conv2dWork(Device device, Conv2dShape s, Action<Device, View, View, View, Conv2dShape> run) : IWork
{
    readonly DeviceBuffer<float> _x = Random01.Buffer(device, s.XSize, 1), _w = Random01.Buffer(device, s.WSize, 2), _y = Random01.Buffer(device, s.YSize, 3);

    public void Run() => run(device, _x.View, _w.View, _y.View, s);

    public void Dispose()
    {
        _x.Dispose();
        _w.Dispose();
        _y.Dispose();
    }
}

sealed class MatMulWork(Device device, MatMulShape s) : IWork
{
    readonly DeviceBuffer<float> _a = Random01.Buffer(device, s.M * s.K, 1), _b = Random01.Buffer(device, s.K * s.N, 2), _c = Random01.Buffer(device, s.M * s.N, 3);

    public void Run() => device.MatMul.Multiply(_a.View, _b.View, _c.View, s);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }
}
