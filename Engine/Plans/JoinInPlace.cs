using IlgpuXai.Kernels;

namespace IlgpuXai.Engine;

/// <summary>Parts of a concatenation are computed where they belong: appending blocks is no copy.</summary>
/// <remarks>A part must begin at a block's border, end at one unless it is the last, be computed by a step of its own, and belong to one place only.</remarks>
static class JoinInPlace
{
    /// <summary>For each step that is computed within another's memory: in which, and from which block on.</summary>
    public static Dictionary<Node, (Node Whole, int Block)> In(Graph graph)
    {
        var places = new Dictionary<Node, (Node, int)>();
        // Later concatenations first: what a dense block joins at its end holds everything before.
        foreach (var concat in graph.Nodes.OfType<ConcatNode>().Reverse())
        {
            int channel = 0;
            for (int i = 0; i < concat.Inputs.Count; i++)
            {
                var part = concat.Inputs[i];
                bool whole = channel % BlockedMaps.Lanes == 0 && (part.C % BlockedMaps.Lanes == 0 || i == concat.Inputs.Count - 1);
                if (whole && part != graph.Result && concat.Inputs.Count(p => p == part) == 1 && places.TryAdd(part, (concat, channel / BlockedMaps.Lanes))) concat.InPlace.Add(part);
                channel += part.C;
            }
        }
        return places;
    }
}
