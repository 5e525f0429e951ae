namespace IlgpuXai.Jit;

/// <summary>A variable of the generated text: parameter, local variable, temporary, or array.</summary>
sealed class Local(string name, Type type)
{
    public string Name { get; set; } = name;

    /// <summary>For an array, that of its elements.</summary>
    public Type Type { get; set; } = type;

    /// <summary>For a view, a reference or an array: where it points or lies.</summary>
    public AddressSpace Space { get; set; } = new();

    public bool IsParameter { get; init; }

    /// <summary>The source has no name for it: it may vanish into its use.</summary>
    public bool IsTemporary { get; set; }

    /// <summary>It carries what lies on the stack where paths meet.</summary>
    public bool IsMerge { get; init; }

    /// <summary>A reference to it was made: memory that calls and stores through references may change.</summary>
    public bool IsAddressTaken { get; set; }

    /// <summary>Assigned somewhere, as a whole or in part.</summary>
    public bool IsAssigned { get; set; }

    /// <summary>0, or the number of elements of an array.</summary>
    public int ArrayLength { get; init; }

    /// <summary>For a view: see <see cref="ViewUses"/>.</summary>
    public bool IsLengthUsed { get; set; }

    /// <summary>For a view: something is, or may be, stored through it.</summary>
    public bool IsStoredThrough { get; set; }

    /// <summary>For a view or an array: bytes to which it must be aligned because it is cast to vectors; 0 if it is not.</summary>
    public int Alignment { get; set; }

    public override string ToString() => Name;
}
