using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>The algorithm for a convolution whose result has h × w pixels.</summary>
delegate ConvAlgorithm Choice(ConvWindow window, int h, int w);

/// <summary>How each convolution computes.</summary>
static class ChooseAlgorithms
{
    const int FewestChannels = 16, SmallestMap2 = 6, SmallestMap4 = 12, SmallestMap4OfMany = 7;

    /// <param name="ofMany">The same where many images share the reading of weights.</param>
    public static void In(Graph graph, Choice choice, Choice ofMany)
    {
        foreach (var conv in graph.Nodes.OfType<ConvNode>())
        {
            conv.Choice = choice;
            (conv.Chosen, conv.ChosenOfMany) = conv.Before.IsNone ? (choice(conv.Window, conv.H, conv.W), ofMany(conv.Window, conv.H, conv.W)) : (ConvAlgorithm.Direct, ConvAlgorithm.Direct);
        }
    }

    /// <summary>By channels and the size of the map alone, so that an image has the same bits in any company and on any day.</summary>
    /// <param name="largest">The largest filtering that may be used.</param>
    /// <param name="many">Whether images come by the hundred: F(4×4) has more weights than F(2×2), whose reading they then share.</param>
    public static Choice Rule(ConvAlgorithm largest, bool many = false) => (f, h, w) =>
    {
        if (!f.IsPlain3x3 || f.C < FewestChannels || f.K < FewestChannels || Math.Min(h, w) < SmallestMap2) return ConvAlgorithm.Direct;
        var fastest = Math.Min(h, w) >= (many ? SmallestMap4OfMany : SmallestMap4) ? ConvAlgorithm.Winograd4 : ConvAlgorithm.Winograd2;
        return fastest < largest ? fastest : largest;
    };
}
