using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>How each convolution computes. The choice depends on its channels and the size of its map alone, so that an image has the same bits in any company and on any day.</summary>
static class ChooseAlgorithms
{
    const int FewestChannels = 16, SmallestMap4 = 20, SmallestMap2 = 6;

    /// <param name="fastest">The largest filtering that may be used.</param>
    public static void In(Graph graph, ConvAlgorithm fastest)
    {
        foreach (var conv in graph.Nodes.OfType<ConvNode>())
        {
            conv.Fastest = fastest;
            conv.Chosen = conv.Before.IsNone ? (ConvAlgorithm)Math.Min((int)fastest, (int)For(conv.Window, conv.H, conv.W)) : ConvAlgorithm.Direct;
        }
    }

    /// <param name="h">Of the result, as <paramref name="w"/>.</param>
    public static ConvAlgorithm For(ConvWindow f, int h, int w)
    {
        if (!f.IsPlain3x3 || f.C < FewestChannels || f.K < FewestChannels || Math.Min(h, w) < SmallestMap2) return ConvAlgorithm.Direct;
        return Math.Min(h, w) >= SmallestMap4 ? ConvAlgorithm.Winograd4 : ConvAlgorithm.Winograd2;
    }
}
