using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Against torchvision: <c>Goldens/architectures.py</c>.</summary>
sealed class ArchitectureGoldenTests
{
    const int Step = 29, Most = 800;

    readonly CpuDevice _device = new(2);
    readonly SafetensorsFile _golden = SafetensorsFile.Open(Golden("architectures.safetensors"));
    readonly JsonObject _keys = JsonNode.Parse(File.ReadAllText(Golden("architectures.json")))!.AsObject();

    static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Models", "Goldens", file);

    [OneTimeTearDown]
    public void Close_device()
    {
        _golden.Dispose();
        _device.Dispose();
    }

    static IEnumerable<string> PretrainedNames => ModelCatalogue.All.Select(m => m.Name).Where(n => n != "mnist-cnn");

    [TestCaseSource(nameof(PretrainedNames))]
    public void Keys_shapes_and_parameters_are_torchvisions(string name)
    {
        using var model = ModelCatalogue.Find(name).Create(Initializer.Unset(_device));
        string[] lines = [.. model.State().Select(s => $"{s.Name} {string.Join('x', s.Value.Shape.Sizes.ToArray())}\n").Order(StringComparer.Ordinal)];
        var expected = _keys[name]!;
        Assert.That((model.ParameterCount, lines.Length), Is.EqualTo((expected["parameters"]!.GetValue<long>(), expected["entries"]!.GetValue<int>())));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)))), Is.EqualTo(expected["sha256"]!.GetValue<string>()), () =>
            $"architectures.py --keys {name} lists other lines than\n{string.Concat(lines)}");
        _device.Trim();
    }

    [Test]
    public void Every_network_of_the_goldens_is_in_the_catalogue() => Assert.That(_keys.Select(k => k.Key), Is.EquivalentTo(PretrainedNames));

    [TestCase("resnet18", "2x3x64x80", "layer4")]
    [TestCase("resnext50_32x4d", "1x3x64x48", "layer3.2.conv2")]
    [TestCase("vgg11_bn", "2x3x32x48", "features.25")]
    [TestCase("vgg16", "1x3x64x48", "features.21")]
    [TestCase("densenet121", "1x3x64x72", "features.denseblock3.denselayer7.conv1")]
    [TestCase("alexnet", "1x3x80x64", "features.8")]
    [TestCase("squeezenet1_1", "2x3x50x37", "features.9.expand1x1")]
    [TestCase("resnet20", "2x3x32x24", "layer2")]
    public void Scores_and_gradients_are_PyTorchs(string name, string size, string layer) => Check(_device, name, size, layer);

#if !ILGPU_BOUND
    [Test]
    public void The_emulated_device_computes_the_same()
    {
        using var device = new SimtDevice(2);
        Check(device, "resnet20", "1x3x8x12", "layer2.0.conv1");
    }
#endif

    void Check(Device device, string name, string size, string layer)
    {
        using var scope = device.Scope();
        using var model = DrawnNetworks.Create(device, name);
        var image = DrawnNetworks.Drawn(device, "image", [.. size.Split('x').Select(int.Parse)]);

        // Without a history results are overwritten and passes joined, with one they are not: both have to be right.
        Agrees("logits", model.Forward(image));
        var (x, seen) = (image.Leaf(), new Activations(model, layer));
        var y = model.Forward(x, Pass.Watching(seen));
        Agrees("logits", y);
        Agrees(layer, seen[layer]);
        using var g = Gradients.Of(y, DrawnNetworks.Drawn(device, "seed", y.Shape), x, seen[layer]);
        Agrees("input gradient", g[x]);
        Agrees($"{layer} gradient", g[seen[layer]]);
        device.Trim();

        void Agrees(string what, Tensor actual)
        {
            float[] values = actual.ToArray();
            double[] some = [.. (what == "logits" ? values : values.Where((_, i) => i % Step == 0)).Take(Most).Select(v => (double)v)];
            Distance.Check(Array.ConvertAll(_golden.Read($"{name} {size}: {what}"), v => (double)v), some, 1e-4, $"{what} of {name}");
        }
    }
}
