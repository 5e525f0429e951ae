using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Bench;

/// <summary>What a network of the catalogue makes of images, for <c>Tests/Models/parity.py</c>: scores, and the images' gradient.</summary>
static class NetworkOutputs
{
    /// <param name="model">A name of the catalogue, or <c>densenet169-notop</c>: pooled features, with the eps of weights from Keras.</param>
    /// <param name="input">Holds <c>image</c> [N, C, H, W] and <c>seed</c>, the gradient at the scores.</param>
    /// <param name="output">Gets <c>logits</c> and <c>gradient</c>.</param>
    public static int Write(string deviceName, string model, string weights, string input, string output)
    {
        using var device = Devices.Open(deviceName);
        using var scope = device.Scope();
        using ImageClassifier network = model == "densenet169-notop" ? new DenseNet(Initializer.Unset(device), DenseNetTable.DenseNet169, classes: 0, eps: 1.001e-5f)
            : ModelCatalogue.Find(model).Create(Initializer.Unset(device));
        network.Load(weights);
        using var file = SafetensorsFile.Open(input);
        var x = device.Tensor(file.ShapeOf("image"), file.Read("image")).Leaf();
        var y = network.Forward(x);
        using var g = Gradients.Of(y, device.Tensor(file.ShapeOf("seed"), file.Read("seed")), x);
        var writer = new SafetensorsWriter();
        writer.Add("logits", y);
        writer.Add("gradient", g[x]);
        writer.Write(output);
        return 0;
    }
}
