using IlgpuXai.Data;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Weights and IDX files small enough to run whole experiments on in seconds; made once for all tests that ask.</summary>
static class SmallStudy
{
    static readonly Lazy<(TempFolder Folder, string Weights, string Data)> s_made = new(Make);

    /// <summary>Weights of mnist-cnn that tell generated digits apart.</summary>
    public static string Weights => s_made.Value.Weights;

    /// <summary>A folder with MNIST's IDX files: 320 generated training and 160 test digits.</summary>
    public static string Data => s_made.Value.Data;

    /// <summary>A run of a few seconds.</summary>
    public static string[] Run(string folder, params string[] more) => Run(folder, images: 4, stride: 5, more);

    /// <summary>A run that lasts long enough to be interrupted: 24 images, 441 positions each.</summary>
    public static string[] Long(string folder, params string[] more) => Run(folder, images: 12, stride: 1, more);

    static string[] Run(string folder, int images, int stride, string[] more) =>
        ["run", "mnist-occlusion", "--data", Data, "--weights", Weights, "--images", $"{images}", "--window", "8", "--stride", $"{stride}", "--out", folder, .. more];

    static (TempFolder, string, string) Make()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        string weights = folder.File("mnist-cnn.safetensors"), data = folder.File("idx");
        using var device = new CpuDevice();
        var plan = new TrainingPlan("mnist-cnn", Epochs: 2, Batch: 32, Rate: 0.002, Validation: 0);
        using (NetworkTraining.Train(device, plan, GeneratedDigits.Create(800, 11, Split.Train), weights, folder.File("checkpoint"), new Silent())) { }
        WriteIdx(data, Split.Train, GeneratedDigits.Create(320, 11, Split.Train));
        WriteIdx(data, Split.Test, GeneratedDigits.Create(160, 11, Split.Test));
        return (folder, weights, data);
    }

    /// <summary>One half of a data set as MNIST's two files.</summary>
    public static void WriteIdx(string folder, Split split, ImageSet images)
    {
        Directory.CreateDirectory(folder);
        string half = split == Split.Train ? "train" : "t10k";
        byte[] Big(int v) => [(byte)(v >> 24), (byte)(v >> 16), (byte)(v >> 8), (byte)v];
        File.WriteAllBytes(Path.Combine(folder, $"{half}-images-idx3-ubyte"),
            [0, 0, 8, 3, .. Big(images.Count), .. Big(images.Height), .. Big(images.Width), .. Enumerable.Range(0, images.Count).SelectMany(i => images.Pixels(i).ToArray())]);
        File.WriteAllBytes(Path.Combine(folder, $"{half}-labels-idx1-ubyte"), [0, 0, 8, 1, .. Big(images.Count), .. images.Labels.ToArray().Select(l => (byte)l)]);
    }
}
