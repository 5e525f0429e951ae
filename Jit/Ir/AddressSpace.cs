using IlgpuXai.Simt;

namespace IlgpuXai.Jit;

/// <summary>Where a pointer points. OpenCL C 1.2 has to know it in the text; CUDA finds out by itself.</summary>
enum Space
{
    Unknown,

    /// <summary>Of one thread.</summary>
    Private,

    /// <summary>Of one group.</summary>
    Shared,
    Global,
}

/// <summary>An address space that is found by unification: what is assigned to each other points to the same space.</summary>
sealed class AddressSpace(Space value = Space.Unknown)
{
    AddressSpace? _link;
    Space _value = value;

    AddressSpace Root
    {
        get
        {
            var root = this;
            while (root._link is not null) root = root._link;
            return root;
        }
    }

    public Space Value => Root._value;

    public void Unify(AddressSpace other, Function at)
    {
        AddressSpace a = Root, b = other.Root;
        if (a == b) return;
        if (a._value != Space.Unknown && b._value != Space.Unknown && a._value != b._value)
            throw new RefusedKernelException(at.Method, 0, $"a reference or view that is {Word(a._value)} memory on one path and {Word(b._value)} memory on another");
        if (a._value == Space.Unknown) a._value = b._value;
        b._link = a;
    }

    static string Word(Space s) => s switch { Space.Private => "local", Space.Shared => "shared", _ => "global" };
}
