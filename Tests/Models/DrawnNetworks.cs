using System.Text;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Tests;

/// <summary>Weights, images and incoming gradients as <c>Goldens/networks.py</c> draws them: a table again and again, from a place on that depends on the name.</summary>
static class DrawnNetworks
{
    const int Length = 65521;

    static readonly float[] Table = MakeTable();

    static float[] MakeTable()
    {
        var random = new Generator(7);
        return [.. Enumerable.Range(0, Length).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    public static ImageClassifier Create(Device device, string name, int? classes = null)
    {
        var model = ModelCatalogue.Find(name).Create(Initializer.Unset(device), classes);
        foreach (var (key, tensor) in model.State()) Fill(tensor, key);
        return model;
    }

    public static Tensor Drawn(Device device, string name, Shape shape)
    {
        var t = device.Empty(shape);
        Tile(t, Table, name);
        return t;
    }

    static void Fill(Tensor t, string key)
    {
        if (t.Shape.Rank > 1) Tile(t, Scaled((float)Math.Sqrt(6.0 / (t.Shape.Elements / t.Shape[0])), 0), key);
        else if (key.EndsWith("running_mean", StringComparison.Ordinal) || key.EndsWith("bias", StringComparison.Ordinal)) Tile(t, Scaled(0.1f, 0), key);
        else Tile(t, Scaled(0.5f, 1), key);
    }

    static float[] Scaled(float scale, float shift) => Array.ConvertAll(Table, u => u * scale + shift);

    static void Tile(Tensor t, float[] table, string name)
    {
        uint place = 0x811C9DC5;
        foreach (byte b in Encoding.ASCII.GetBytes(name)) place = (place ^ b) * 0x01000193;
        for (int at = 0, from = (int)(place % Length); at < t.Shape.Elements; from = 0)
        {
            int count = Math.Min(Length - from, t.Shape.Elements - at);
            t.Device.Upload<float>(table.AsSpan(from, count), t.View.SubView(at, count));
            at += count;
        }
    }
}
