using IlgpuXai.Engine;

namespace IlgpuXai.Tests.Fuzz;

static class WeightReaders
{
    // A view with strides of 0 may repeat stored numbers up to a million times.
    const long Repeated = 64 << 20;

    public static IEnumerable<FuzzedReader> All(string folder)
    {
        yield return Reader("pytorch-zip", folder, "types.pt", "views.pt", "training.pt", "parallel.pt", "protocol1.pt", "protocol4.pt", "densenet.pt");
        yield return Reader("pytorch-before-1.6", folder, "types-legacy.pth", "views-legacy.pth", "training-legacy.pth", "protocol1-legacy.pth", "protocol5-legacy.pth");
        yield return Reader("numpy-weights", folder, "arrays.npz", "compressed.npz");
        yield return Reader("refused-weights", folder, "module.pt", "own-module-legacy.pth", "script.pt", "complex.pt");
    }

    static FuzzedReader Reader(string name, string folder, params string[] seeds) =>
        FuzzedReader.OfPath(name, folder, [.. seeds.Select(s => File.ReadAllBytes(CheckpointFiles.At(s)))], Read) with { Memory = length => Repeated + 4096 * length };

    static void Read(string path)
    {
        using var file = StateFile.Open(path);
        foreach (string name in file.Names)
        {
            file.Read(name);
            file.ReadBytes(name);
        }
    }
}
