using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuXai.Simt;

/// <summary>Who has to arrive before a thread may go on.</summary>
enum YieldKind
{
    /// <summary>The thread has left the kernel.</summary>
    Exit,
    GroupBarrier,

    /// <summary>A group barrier that counts predicates.</summary>
    GroupVote,

    /// <summary>Lanes exchange values; memory is not ordered.</summary>
    WarpExchange,
    WarpBarrier,
}

/// <summary>A place in the source that can be named in a finding.</summary>
readonly record struct Site(MethodBase Method, int Offset)
{
    public override string ToString() => SourceLines.Find(Method, Offset);
}

/// <summary>Stands in the code where a thread returns to the scheduler, and goes on when all others stand here too.</summary>
sealed class YieldInstruction(int number) : Instruction(OpCodes.Nop)
{
    public int Number { get; } = number;
}

/// <summary>A kernel with its helpers written into one list of instructions, as <see cref="Flattener"/> builds it.</summary>
sealed class KernelCode(MethodInfo kernel)
{
    /// <summary>As many as a shadow record can name.</summary>
    public const int MaxSites = 8192;

    readonly List<Instruction> _instructions = [];
    readonly List<Variable> _variables = [];
    readonly List<Site> _sites = [];
    readonly List<(YieldKind Kind, int Site)> _yields = [(YieldKind.Exit, -1)];

    public MethodInfo Kernel { get; } = kernel;
    public IReadOnlyList<Instruction> Instructions => _instructions;
    public IReadOnlyList<Variable> Variables => _variables;
    public IReadOnlyList<Variable> Parameters { get; private set; } = [];
    public IReadOnlyList<Site> Sites => _sites;

    /// <summary>By number; number 0 is the exit.</summary>
    public IReadOnlyList<(YieldKind Kind, int Site)> Yields => _yields;

    public bool UsesSharedMemory { get; set; }
    public bool UsesLocalMemory { get; set; }

    /// <summary>Bytes of memory per cell of the shadow: 1 if some access has a size that is no multiple of 4.</summary>
    public int Granule { get; private set; } = 4;

    public void SetParameters(IReadOnlyList<Variable> parameters)
    {
        Parameters = parameters;
        _variables.AddRange(parameters);
    }

    public Variable NewVariable(Type type, string name = "")
    {
        var variable = new Variable(type, name);
        _variables.Add(variable);
        return variable;
    }

    public void Declare(IEnumerable<Variable> variables) => _variables.AddRange(variables);

    public void Add(OpCode op, object? operand = null) => _instructions.Add(new(op, operand));
    public void Add(Instruction label) => _instructions.Add(label);

    public int NewSite(MethodBase method, Instruction at)
    {
        if (_sites.Count == MaxSites) throw new RefusedKernelException(Kernel, 0, $"more than {MaxSites} accesses and barriers, helpers counted at each call");
        _sites.Add(new(method, at.Offset));
        return _sites.Count - 1;
    }

    /// <summary>Calls an intrinsic: its own arguments are on the stack, place, group and thread follow.</summary>
    public void CallIntrinsic(MethodInfo intrinsic, int site)
    {
        Add(OpCodes.Ldc_I4, site);
        Add(OpCodes.Ldarg_0);
        Add(OpCodes.Ldarg_1);
        Add(OpCodes.Call, intrinsic);
    }

    public void Yield(YieldKind kind, int site)
    {
        _yields.Add((kind, site));
        _instructions.Add(new YieldInstruction(_yields.Count - 1));
    }

    /// <summary>Moves entries of the stack into new variables; the last entry lies on top.</summary>
    public Variable[] Spill(IEnumerable<StackEntry> entries)
    {
        var variables = entries.Select(entry =>
        {
            var variable = NewVariable(entry.Type);
            variable.MayPointTo(entry);
            return variable;
        }).ToArray();
        for (int k = variables.Length - 1; k >= 0; k--) Add(OpCodes.Stloc, variables[k]);
        return variables;
    }

    public void Unspill(IEnumerable<Variable> variables)
    {
        foreach (var variable in variables) Add(OpCodes.Ldloc, variable);
    }

    /// <summary>Makes the shadow fine enough for accesses to values of this size.</summary>
    public void Refine(int bytes)
    {
        if (bytes % 4 != 0) Granule = 1;
    }
}
