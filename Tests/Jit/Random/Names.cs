namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Names of local variables: many mean something in C dialects, and scopes beside each other use the same ones.</summary>
sealed class Names(Names? outer)
{
    static readonly string[] s_words =
    [
        "sum", "x", "y", "k", "j", "acc", "best", "state", "total", "w", "max", "min", "half", "float4", "kernel", "global", "local", "constant", "sqrt", "signed", "unsigned", "auto",
        "register", "asm", "template", "union", "typedef", "inline", "restrict", "uchar", "select", "mix", "clamp", "abs", "NAN", "INFINITY", "main", "self", "result", "@private", "@const",
        "@sizeof", "@class", "__global", "barrier", "size_t", "tmp0", "_", "é", "threadIdx", "t1", "L_1", "extent", "@double", "mul24", "convert_int",
    ];

    readonly HashSet<string> _declared = [], _inside = [];

    /// <summary>One that neither this scope and those around it declare, nor any inside it.</summary>
    public string New(Random random)
    {
        for (int k = 0; ; k++)
        {
            string name = s_words[random.Next(s_words.Length)];
            if (name == "_") name = "_v";
            if (k > 20) name = $"{name.TrimStart('@')}{random.Next(1000)}";
            if (IsFree(name)) return Take(name);
        }
    }

    public string Take(string name)
    {
        _declared.Add(name);
        for (var scope = this; scope is not null; scope = scope.Outer) scope._inside.Add(name);
        return name;
    }

    Names? Outer { get; } = outer;

    bool IsFree(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope._declared.Contains(name)) return false;
        return !_inside.Contains(name);
    }
}
