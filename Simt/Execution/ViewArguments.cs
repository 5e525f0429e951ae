using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>What the checker asks a view, whatever its element type.</summary>
interface IAddressed
{
    nuint Address { get; }
    long Bytes { get; }
    int ElementBytes { get; }
}

/// <summary>The views among the arguments of a launch, also those inside structs: they say which addresses are device memory, and their names.</summary>
sealed unsafe class ViewArguments
{
    readonly List<(string Name, nuint Start, long Bytes, int ElementBytes)> _views = [];

    public ViewArguments(IReadOnlyList<Variable> parameters, int first, IReadOnlyList<int> offsets, byte* arguments)
    {
        for (int k = first; k < parameters.Count; k++)
        {
            var box = typeof(ViewArguments).GetMethod(nameof(Box), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(parameters[k].Type);
            Collect(parameters[k].Name, box.Invoke(null, [(nint)(arguments + offsets[k])])!);
        }
    }

    static object Box<T>(nint address) where T : unmanaged => *(T*)address;

    void Collect(string name, object value)
    {
        if (value is IAddressed view)
        {
            if (view.Bytes > 0) _views.Add((name, view.Address, view.Bytes, view.ElementBytes));
            return;
        }
        var type = value.GetType();
        if (type.IsPrimitive || type.IsEnum) return;
        bool isView = type.Namespace is "ILGPU.Runtime";
        foreach (var field in ValueTypes.Fields(type).Where(f => !f.FieldType.IsPointer))
            Collect(isView ? name : $"{name}.{field.Name}", field.GetValue(value)!);
    }

    /// <summary>The memory of all views, overlapping and touching ones joined, in ascending order.</summary>
    public IReadOnlyList<(nuint Start, nuint Bytes)> Ranges()
    {
        var ranges = new List<(nuint Start, nuint Bytes)>();
        foreach (var (_, start, bytes, _) in _views.OrderBy(v => v.Start))
        {
            nuint end = start + (nuint)bytes;
            if (ranges.Count > 0 && start <= ranges[^1].Start + ranges[^1].Bytes)
                ranges[^1] = (ranges[^1].Start, Math.Max(ranges[^1].Bytes, end - ranges[^1].Start));
            else
                ranges.Add((start, (nuint)bytes));
        }
        return ranges;
    }

    /// <summary>The argument whose view begins at an address; null if none does.</summary>
    public string? NameOf(nuint start) => _views.Where(v => v.Start == start).Select(v => v.Name).FirstOrDefault();

    /// <summary>For instance <c>element 12 of y</c>.</summary>
    public string Describe(nuint address)
    {
        foreach (var (name, start, bytes, elementBytes) in _views)
            if (address >= start && address - start < (nuint)bytes) return $"element {(address - start) / (nuint)elementBytes} of {name}";
        return "device memory";
    }
}
