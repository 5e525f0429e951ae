using System.Text.Json.Nodes;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Xai;

namespace IlgpuXai.Bench;

/// <summary>One image explained by an untrained network of the catalogue, on plans.</summary>
sealed class ExplanationWork : IWork
{
    readonly ImageClassifier _network;
    readonly Tensor _image;
    readonly IAttribution _method;

    public ExplanationWork(Device device, JsonObject what)
    {
        int Number(string name) => what[name]!.GetValue<int>();
        var zero = new Baseline.Constant(0);
        _method = what["method"]!.GetValue<string>() switch
        {
            "saliency" => new Saliency(),
            "integrated-gradients" => new IntegratedGradients(zero, Number("steps")),
            "occlusion" => new Occlusion(Number("window"), Number("window"), Number("stride"), Number("stride"), zero),
            "lime" => new Lime(new Segments.Slic(50), zero, Number("samples")),
            "score-cam" => new ScoreCam(),
            "ablation-cam" => new AblationCam(),
            var other => throw new ArgumentException($"no method is called '{other}'"),
        };
        _network = Untrained.Network(device, what["model"]!.GetValue<string>());
        _image = Untrained.Images(device, _network, 1, Number("size"));
    }

    public void Run() => _method.Explain(_network, _image, target: 3);

    public void Dispose()
    {
        _image.Dispose();
        _network.Dispose();
    }
}

/// <summary>Scores of a batch of images and the gradient of their sum at the images.</summary>
sealed class GradientWork : IWork
{
    readonly ImageClassifier _network;
    readonly Tensor _images, _seed;

    public GradientWork(Device device, string model, int images, int size)
    {
        _network = Untrained.Network(device, model);
        _images = Untrained.Images(device, _network, images, size);
        _seed = device.Full([images, _network.Classes], 1);
    }

    public void Run()
    {
        using var scope = _images.Device.Scope();
        var x = _images.Leaf();
        using var gradients = Gradients.Of(_network.Forward(x), _seed, x);
    }

    public void Dispose()
    {
        _seed.Dispose();
        _images.Dispose();
        _network.Dispose();
    }
}
