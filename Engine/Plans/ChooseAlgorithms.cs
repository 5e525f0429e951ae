using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>The algorithm for a convolution whose result has h × w pixels.</summary>
delegate ConvAlgorithm Choice(ConvWindow window, int h, int w);

/// <summary>How each convolution computes.</summary>
static class ChooseAlgorithms
{
    const int FewestChannels = 16, SmallestMap4 = 7, SmallestMap2 = 6;

    public static void In(Graph graph, Choice choice)
    {
        foreach (var conv in graph.Nodes.OfType<ConvNode>())
        {
            conv.Choice = choice;
            conv.Chosen = conv.Before.IsNone ? choice(conv.Window, conv.H, conv.W) : ConvAlgorithm.Direct;
        }
    }

    /// <summary>By channels and the size of the map alone, so that an image has the same bits in any company and on any day.</summary>
    /// <param name="largest">The largest filtering that may be used.</param>
    public static Choice Rule(ConvAlgorithm largest) => (f, h, w) =>
    {
        if (!f.IsPlain3x3 || f.C < FewestChannels || f.K < FewestChannels || Math.Min(h, w) < SmallestMap2) return ConvAlgorithm.Direct;
        var fastest = Math.Min(h, w) >= SmallestMap4 ? ConvAlgorithm.Winograd4 : ConvAlgorithm.Winograd2;
        return fastest < largest ? fastest : largest;
    };
}
