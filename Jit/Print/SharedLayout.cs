namespace IlgpuXai.Jit;

/// <summary>Where a kernel's shared arrays lie: CUDA allows 48 KiB by declaration, more has to be carved from dynamic shared memory.</summary>
sealed class SharedLayout
{
    const int Declarable = 48 << 10;

    readonly Dictionary<Local, int> _places = [];

    public SharedLayout(Function kernel, Dialect dialect)
    {
        var arrays = kernel.Arrays.Where(a => a.Space.Value == Space.Shared).ToList();
        if (dialect.HasAddressSpaces || arrays.Sum(Bytes) <= Declarable) return;
        foreach (var array in arrays)
        {
            _places[array] = CarvedBytes;
            CarvedBytes += (int)((Bytes(array) + 15) & ~15);
        }
    }

    /// <summary>In front of the launch's own dynamic memory.</summary>
    public int CarvedBytes { get; }

    /// <summary>Bytes into dynamic shared memory; null for an array that is declared.</summary>
    public int? PlaceOf(Local array) => _places.TryGetValue(array, out int place) ? place : null;

    static long Bytes(Local array) => (long)array.ArrayLength * CTypes.SizeOf(array.Type);
}
