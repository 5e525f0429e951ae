using System.Reflection;

namespace IlgpuXai.Jit;

/// <summary>A kernel or a helper on its way from IL to text. Each pass reads and rewrites it; none knows the next.</summary>
sealed class Function(MethodBase method)
{
    public MethodBase Method { get; } = method;

    /// <summary>Unique among the functions of a kernel.</summary>
    public string Name { get; set; } = "";

    public bool IsKernel { get; init; }

    /// <summary>The kernel's first parameter is an index: it is computed, and threads behind the extent leave.</summary>
    public bool IsAutoGrouped { get; set; }

    public Type Returns { get; set; } = typeof(void);

    /// <summary>Where a returned reference points.</summary>
    public AddressSpace ReturnSpace { get; } = new();

    /// <summary>In the order of the call's arguments: `this` first, for instance methods.</summary>
    public List<Local> Parameters { get; } = [];

    /// <summary>Shared and local arrays.</summary>
    public List<Local> Arrays { get; } = [];

    /// <summary>The struct that a constructor builds and returns; null for other methods.</summary>
    public Local? Built { get; set; }

    public bool UsesDynamicShared { get; set; }

    /// <summary>The length of dynamic shared memory is asked for.</summary>
    public bool MeasuresDynamicShared { get; set; }

    public List<Block> Blocks { get; set; } = [];

    /// <summary>The blocks as structured text, once <see cref="Structure"/> has run.</summary>
    public List<Stmt> Body { get; set; } = [];

    public IEnumerable<Expr> Expressions => Blocks.SelectMany(b => b.Expressions).SelectMany(e => e.All());

    /// <summary>Renews predecessors and drops what nothing leads to.</summary>
    public void Link()
    {
        var seen = new HashSet<Block>();
        var work = new Stack<Block>([Blocks[0]]);
        foreach (var b in Blocks) b.Predecessors = [];
        while (work.TryPop(out var b))
            if (seen.Add(b))
                foreach (var next in b.Successors)
                {
                    next.Predecessors.Add(b);
                    work.Push(next);
                }
        Blocks.RemoveAll(b => !seen.Contains(b));
    }
}
