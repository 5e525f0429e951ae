namespace ILGPU;

/// <summary>Updates no other thread can interrupt. Every member returns the value that stood there before.</summary>
public static class Atomic
{
    public static int Add(ref int target, int value) => Interlocked.Add(ref target, value) - value;
    public static uint Add(ref uint target, uint value) => Interlocked.Add(ref target, value) - value;
    public static long Add(ref long target, long value) => Interlocked.Add(ref target, value) - value;
    public static ulong Add(ref ulong target, ulong value) => Interlocked.Add(ref target, value) - value;

    /// <summary>The order in which threads add decides the rounding: results may differ from run to run.</summary>
    public static float Add(ref float target, float value)
    {
        while (true)
        {
            float old = Volatile.Read(ref target);
            if (Same(CompareExchange(ref target, old, old + value), old)) return old;
        }
    }

    public static int And(ref int target, int value) => Interlocked.And(ref target, value);
    public static uint And(ref uint target, uint value) => Interlocked.And(ref target, value);
    public static long And(ref long target, long value) => Interlocked.And(ref target, value);
    public static ulong And(ref ulong target, ulong value) => Interlocked.And(ref target, value);

    public static int Or(ref int target, int value) => Interlocked.Or(ref target, value);
    public static uint Or(ref uint target, uint value) => Interlocked.Or(ref target, value);
    public static long Or(ref long target, long value) => Interlocked.Or(ref target, value);
    public static ulong Or(ref ulong target, ulong value) => Interlocked.Or(ref target, value);

    public static int Xor(ref int target, int value)
    {
        while (true)
        {
            int old = Volatile.Read(ref target);
            if (CompareExchange(ref target, old, old ^ value) == old) return old;
        }
    }

    public static uint Xor(ref uint target, uint value)
    {
        while (true)
        {
            uint old = Volatile.Read(ref target);
            if (CompareExchange(ref target, old, old ^ value) == old) return old;
        }
    }

    public static long Xor(ref long target, long value)
    {
        while (true)
        {
            long old = Volatile.Read(ref target);
            if (CompareExchange(ref target, old, old ^ value) == old) return old;
        }
    }

    public static ulong Xor(ref ulong target, ulong value)
    {
        while (true)
        {
            ulong old = Volatile.Read(ref target);
            if (CompareExchange(ref target, old, old ^ value) == old) return old;
        }
    }

    public static int Min(ref int target, int value)
    {
        while (true)
        {
            int old = Volatile.Read(ref target);
            if (old <= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static uint Min(ref uint target, uint value)
    {
        while (true)
        {
            uint old = Volatile.Read(ref target);
            if (old <= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static long Min(ref long target, long value)
    {
        while (true)
        {
            long old = Volatile.Read(ref target);
            if (old <= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static ulong Min(ref ulong target, ulong value)
    {
        while (true)
        {
            ulong old = Volatile.Read(ref target);
            if (old <= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    /// <summary>A NaN on either side stays or arrives, as with <see cref="MathF.Min"/>; CUDA's own atomics differ there.</summary>
    public static float Min(ref float target, float value)
    {
        while (true)
        {
            float old = Volatile.Read(ref target);
            if (Same(CompareExchange(ref target, old, MathF.Min(old, value)), old)) return old;
        }
    }

    public static int Max(ref int target, int value)
    {
        while (true)
        {
            int old = Volatile.Read(ref target);
            if (old >= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static uint Max(ref uint target, uint value)
    {
        while (true)
        {
            uint old = Volatile.Read(ref target);
            if (old >= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static long Max(ref long target, long value)
    {
        while (true)
        {
            long old = Volatile.Read(ref target);
            if (old >= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    public static ulong Max(ref ulong target, ulong value)
    {
        while (true)
        {
            ulong old = Volatile.Read(ref target);
            if (old >= value || CompareExchange(ref target, old, value) == old) return old;
        }
    }

    /// <summary>A NaN on either side stays or arrives, as with <see cref="MathF.Max"/>; CUDA's own atomics differ there.</summary>
    public static float Max(ref float target, float value)
    {
        while (true)
        {
            float old = Volatile.Read(ref target);
            if (Same(CompareExchange(ref target, old, MathF.Max(old, value)), old)) return old;
        }
    }

    public static int Exchange(ref int target, int value) => Interlocked.Exchange(ref target, value);
    public static uint Exchange(ref uint target, uint value) => Interlocked.Exchange(ref target, value);
    public static long Exchange(ref long target, long value) => Interlocked.Exchange(ref target, value);
    public static ulong Exchange(ref ulong target, ulong value) => Interlocked.Exchange(ref target, value);
    public static float Exchange(ref float target, float value) => Interlocked.Exchange(ref target, value);

    /// <summary>Stores <paramref name="value"/> if the target equals <paramref name="compare"/> (floats: bit by bit).</summary>
    public static int CompareExchange(ref int target, int compare, int value) => Interlocked.CompareExchange(ref target, value, compare);
    public static uint CompareExchange(ref uint target, uint compare, uint value) => Interlocked.CompareExchange(ref target, value, compare);
    public static long CompareExchange(ref long target, long compare, long value) => Interlocked.CompareExchange(ref target, value, compare);
    public static ulong CompareExchange(ref ulong target, ulong compare, ulong value) => Interlocked.CompareExchange(ref target, value, compare);
    public static float CompareExchange(ref float target, float compare, float value) => Interlocked.CompareExchange(ref target, value, compare);

    // Bits, not values: a NaN must end the loop too, and −0 must not pass for 0.
    static bool Same(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
