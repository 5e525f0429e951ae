namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A variable, parameter or field that code may read.</summary>
/// <param name="Bits">As of <see cref="Node.Bits"/>.</param>
sealed record Variable(string Name, Scalar Type, int Bits)
{
    public bool Assignable { get; init; }

    /// <summary>Takes small values only, and may therefore be counted up without leaving its range.</summary>
    public bool Counts { get; init; }

    /// <summary>A local function may use it: it is neither a reference nor a field of <c>this</c>.</summary>
    public bool Captured { get; init; } = true;
}

/// <summary>Memory that code may index: a view of global, shared or local memory.</summary>
/// <param name="Element">A scalar's or a struct's word.</param>
/// <param name="Reads">Index texts with a hole for any int; reading there is no race.</param>
sealed record Storage(string Name, string Element, string Space, params string[] Reads)
{
    public string[] Writes { get; init; } = [];

    /// <summary>Where ints stay small and may be added to.</summary>
    public string[] Counters { get; init; } = [];

    /// <summary>What a sub-view of elements of this thread may be made of: its start and length.</summary>
    public (string Start, int Length)? Own { get; init; }

    /// <summary>Where its totals for atomics start: one each for Add, Min, Max, And, Or, Xor.</summary>
    public string? Totals { get; init; }

    /// <summary>Its elements were written and its length is a power of two: helpers may have it.</summary>
    public bool Whole { get; init; }
}

/// <summary>What all parts of one kernel share.</summary>
sealed class Supply(Random random)
{
    int _labels, _functions;

    public Random Random { get; } = random;
    public int Label() => ++_labels;
    public int Function() => ++_functions;

    /// <summary>Statements that may still be made.</summary>
    public int Budget { get; set; }
}

/// <summary>A place where code is written: what is in scope there, and what code may do.</summary>
sealed class Body(Supply supply, Names names)
{
    public Supply Supply { get; } = supply;
    public Names Names { get; } = names;
    public Random Random => Supply.Random;

    public List<Variable> Variables { get; private init; } = [];
    public List<Storage> Memory { get; private init; } = [];
    public List<StructVariable> Structs { get; private init; } = [];
    public List<Helper> Helpers { get; private init; } = [];
    public List<StructType> Types { get; private init; } = [];

    /// <summary>How often the code runs at most, per call.</summary>
    public int Trips { get; private init; } = 1;
    public int Level { get; private init; }
    public bool InLoop { get; init; }

    /// <summary>Inside a switch that is inside a loop, or not in a loop: no <c>break</c> of a loop.</summary>
    public bool InSwitch { get; init; }

    /// <summary>Ways out of outer statements.</summary>
    public List<Func<Node>> Exits { get; private init; } = [];

    /// <summary>A statement that leaves the function; null where it may not be left.</summary>
    public Func<Body, Node>? Return { get; set; }

    /// <summary>The statement that makes a value visible outside the kernel.</summary>
    public string? Note { get; set; }

    /// <summary>Group and grid may be asked.</summary>
    public bool Grouped { get; set; }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    /// <summary>One of these, and rather one that is not global memory; null if there is none.</summary>
    public Storage? Prefer(IEnumerable<Storage> memory)
    {
        var all = memory.ToList();
        var near = Chance(0.6) ? all.Where(m => m.Space != "global").ToList() : [];
        return near.Count > 0 ? Pick(near) : all.Count > 0 ? Pick(all) : null;
    }

    public Node Pick(params (int Weight, Func<Node?> Make)[] makers) => PickIfAny(makers)!;

    /// <summary>What one of the makers makes; null if none of them can.</summary>
    public Node? PickIfAny(params (int Weight, Func<Node?> Make)[] makers)
    {
        while (makers.Sum(m => m.Weight) is > 0 and var total)
        {
            int at = Random.Next(total);
            int k = 0;
            while ((at -= makers[k].Weight) >= 0) k++;
            if (makers[k].Make() is { } made) return made;
            makers[k].Weight = 0;
        }
        return null;
    }

    /// <summary>An inner block; what it declares is not seen outside.</summary>
    public Body Nested(int trips = 1, bool loop = false, bool inSwitch = false, Func<Node>? exit = null) => new(Supply, new Names(Names))
    {
        Variables = [.. Variables], Memory = [.. Memory], Structs = [.. Structs], Helpers = [.. Helpers], Types = [.. Types],
        Trips = Trips * trips, Level = Level + 1, InLoop = loop || InLoop, InSwitch = inSwitch || InSwitch && !loop,
        Exits = exit is null ? [.. Exits] : [.. Exits, exit], Return = Return, Note = Note, Grouped = Grouped,
    };

    /// <summary>The same scope with other memory, and no way out: between two barriers.</summary>
    public Body Phase(IEnumerable<Storage> more, Func<Body, Node>? leave) => new(Supply, Names)
    {
        Variables = Variables, Memory = [.. Memory, .. more], Structs = Structs, Helpers = Helpers, Types = Types,
        Trips = Trips, Level = Level, Return = leave, Note = Note, Grouped = Grouped,
    };

    /// <summary>A local function's body: it may use the variables around it, but no memory.</summary>
    public Body Local() => new(Supply, new Names(Names))
    {
        Variables = [.. Variables.Where(v => v.Captured)], Helpers = [.. Helpers.Where(h => !h.NeedsMemory)], Types = [.. Types], Trips = 12, Level = 2,
    };
}
