using ILGPU;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A random kernel and how it is launched. The same seed makes the same kernel and the same inputs.</summary>
/// <param name="Code">The members of a class: structs, helpers, and the method <c>Kernel</c>.</param>
/// <param name="Small">The elements of the view <c>smalls</c>.</param>
sealed record RandomKernel(int Seed, Node Code, Scalar Small, bool IsAuto, bool HasBarriers, Index2D Grid, Index2D Group)
{
    // Of the views' elements the first 64 belong to all, then each thread has 8, and 8 at the end are for atomics.
    public const int Inputs = 64, PerThread = 8, Totals = 8;

    /// <summary>Elements of every view.</summary>
    public int Length => Inputs + Threads * PerThread + Totals;
    public int Threads => Grid.Size * Group.Size;

    public static RandomKernel Make(int seed)
    {
        var random = new Random(seed);
        var supply = new Supply(random);
        var small = Scalars.Small[random.Next(Scalars.Small.Length)];
        bool auto = random.Next(3) == 0, barriers = !auto && random.Next(3) > 0, flat = random.Next(3) > 0;
        Index2D grid = auto ? new(1, 1) : new(random.Next(1, 4), flat ? 1 : random.Next(1, 3));
        Index2D group = auto ? new(random.Next(1, 40), 1) : flat ? new(random.Next(1, 13), 1) : new(random.Next(1, 5), random.Next(2, 4));
        if (barriers && random.Next(2) == 0) group = flat ? new(8, 1) : new(4, 2);

        var code = new List<Node>();
        var types = new List<StructType> { StructType.Pair };
        for (int k = random.Next(3); k > 0; k--)
        {
            var (type, text) = StructType.Make(supply, $"Struct{k}", types);
            types.Add(type);
            code.Add(text);
        }
        var helpers = new List<Helper>();
        for (int k = random.Next(2, 6); k > 0; k--)
        {
            supply.Budget = 7;
            var (helper, text) = Functions.Make(supply, helpers, types);
            helpers.Add(helper);
            code.Add(text);
        }
        supply.Budget = 26;
        code.Add(KernelMethod.Make(supply, helpers, types, small, auto, barriers ? group.Size : null, flat));
        return new(seed, Node.List(code), small, auto, barriers, grid, group);
    }

    /// <summary>The members as C#: those of a kernel, or those that compute the same on the host.</summary>
    public string Print(bool host)
    {
        var lines = Code.Print(host).Split('\n').Where(l => l.Length > 0);
        int depth = 0;
        var indented = new List<string>();
        foreach (string line in lines)
        {
            if (line[0] == '}') depth--;
            indented.Add(new string(' ', 4 * depth) + line);
            if (line[0] == '{') depth++;
        }
        return string.Join('\n', indented);
    }
}
