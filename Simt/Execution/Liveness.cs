using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>Which variables a kernel still needs behind each of its yields.</summary>
/// <remarks>Backward flow over sets of bits. Taking a variable's address counts as a use, never as a definition.</remarks>
static class Liveness
{
    public static Dictionary<YieldInstruction, List<Variable>> BehindYields(KernelCode code)
    {
        var index = code.Variables.Select((variable, k) => (variable, k)).ToDictionary(x => x.variable, x => x.k);
        var position = code.Instructions.Select((i, k) => (i, k)).ToDictionary(x => x.i, x => x.k);
        int count = code.Instructions.Count, words = (index.Count + 63) / 64;
        var live = new ulong[count + 1][];
        for (int k = 0; k <= count; k++) live[k] = new ulong[words];
        var now = new ulong[words];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int k = count - 1; k >= 0; k--)
            {
                var i = code.Instructions[k];
                Array.Clear(now);
                if (!i.EndsFlow) Join(now, live[k + 1]);
                foreach (var target in i.Targets) Join(now, live[position[target]]);
                if (i.Operand is Variable variable)
                {
                    int bit = index[variable];
                    if (i.OpCode == OpCodes.Stloc) now[bit / 64] &= ~(1UL << bit); else now[bit / 64] |= 1UL << bit;
                }
                if (now.AsSpan().SequenceEqual(live[k])) continue;
                now.CopyTo(live[k], 0);
                changed = true;
            }
        }
        return code.Instructions.OfType<YieldInstruction>().ToDictionary(
            i => i,
            i => code.Variables.Where((_, bit) => (live[position[i] + 1][bit / 64] >> bit & 1) != 0).ToList());
    }

    static void Join(ulong[] into, ulong[] from)
    {
        for (int w = 0; w < into.Length; w++) into[w] |= from[w];
    }
}
