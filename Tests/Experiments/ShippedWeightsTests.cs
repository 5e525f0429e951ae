using System.Security.Cryptography;
using System.Text.Json;
using IlgpuXai.Data;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ShippedWeightsTests
{
    static string File => WeightFiles.For("mnist-cnn");

    [Test]
    public void The_file_is_the_one_its_manifest_and_its_page_speak_of()
    {
        Assert.That(File, Is.EqualTo(Path.Combine(SharedFiles.Root, "weights", "mnist-cnn.safetensors")));
        string digest = Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(File)));
        var manifest = JsonSerializer.Deserialize<TrainingManifest>(System.IO.File.ReadAllText(Path.ChangeExtension(File, ".json")), Json.Options)!;
        Assert.That(digest, Is.EqualTo(manifest.Sha256));
        string page = System.IO.File.ReadAllText(Path.Combine(Path.GetDirectoryName(File)!, "README.md"));
        Assert.That(page, Does.Contain(digest).And.Contain(manifest.Command).And.Contain($"{manifest.TestAccuracy * 100:0.00} %").And.Contain($"epoch {manifest.Training.BestEpoch} of {manifest.Training.Plan.Epochs}"));
    }

    [Test]
    public void They_know_generated_digits() => Assert.That(Accuracy(GeneratedDigits.Create(500, 5, Split.Test)), Is.GreaterThanOrEqualTo(0.97));

    [Test]
    public void They_know_MNIST() => Assert.That(Accuracy(IdxFolder.Read(SharedFiles.Data("mnist"), Split.Test)), Is.GreaterThanOrEqualTo(0.992));

    static double Accuracy(ImageSet images)
    {
        using var device = new CpuDevice();
        using var network = Network.Load(device, "mnist-cnn", File);
        return Classification.Of(network.Classifier, device, images, new Silent()).Confusion.Accuracy;
    }
}
