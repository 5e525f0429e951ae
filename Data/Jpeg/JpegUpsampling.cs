using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Data;

/// <summary>
/// Rows of a component at the picture's resolution. Halved sampling is undone by a triangle filter, ¾ of the nearer sample and ¼ of the farther in each halved direction, edges
/// repeated, rounded up and down in turn; other ratios, and components at most two samples wide, by repeating samples. This is libjpeg's "fancy" upsampling, its default, to the bit.
/// </summary>
sealed class JpegUpsampling
{
    const int Margin = 32;                                           // lanes beside a row that whole registers may touch

    readonly JpegComponent _component;
    readonly int _acrossEach, _downEach;
    readonly bool _triangleAcross, _triangleDown;
    readonly byte[] _row;
    readonly ushort[] _sums;

    public JpegUpsampling(JpegComponent component, JpegFrame frame)
    {
        _component = component;
        (_acrossEach, _downEach) = (frame.MaxH / component.H, frame.MaxV / component.V);
        _triangleAcross = _acrossEach == 2 && _downEach <= 2 && component.Width > 2;
        _triangleDown = _downEach == 2 && (_acrossEach == 1 || _triangleAcross);
        _row = _acrossEach == 1 && !_triangleDown ? [] : new byte[component.Width * _acrossEach + 2 * Margin];
        _sums = _triangleAcross ? new ushort[component.Width + 2 * Margin] : [];
    }

    /// <summary>Row y of the picture; valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        ReadOnlySpan<byte> near = _component.Row(y / _downEach);
        // The lower of two rows leans on the row below, the upper on the one above.
        ReadOnlySpan<byte> far = _triangleDown ? _component.Row(Math.Clamp(y / 2 - 1 + 2 * (y & 1), 0, _component.Height - 1)) : near;
        if (_triangleAcross && _triangleDown) Sum(near, far);
        else if (_triangleAcross) Widen(near);
        else if (_triangleDown) Blend(near, far, (ushort)(1 + (y & 1)));
        else if (_acrossEach > 1) Repeat(near);
        else return near;
        if (_triangleAcross && _triangleDown) Spread(near.Length, 8, 7, 4);
        else if (_triangleAcross) Spread(near.Length, 1, 2, 2);
        return _row.AsSpan(0, near.Length * _acrossEach);
    }

    void Repeat(ReadOnlySpan<byte> near)
    {
        for (int x = 0; x < near.Length; x++) _row.AsSpan(x * _acrossEach, _acrossEach).Fill(near[x]);
    }

    /// <summary>row = (3·near + far + bias) / 4.</summary>
    void Blend(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, ushort bias)
    {
        for (int x = 0; x < near.Length; x++) _row[x] = (byte)((3 * near[x] + far[x] + bias) >> 2);
    }

    void Widen(ReadOnlySpan<byte> near)
    {
        Span<ushort> sums = _sums.AsSpan(Margin, near.Length);
        int x = 0;
        for (; x <= near.Length - 16; x += 16) Vector256.WidenLower(Vector128.Create(near.Slice(x, 16)).ToVector256Unsafe()).CopyTo(sums[x..]);
        for (; x < near.Length; x++) sums[x] = near[x];
        RepeatEdges(near.Length);
    }

    /// <summary>sums = 3·near + far.</summary>
    void Sum(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        Span<ushort> sums = _sums.AsSpan(Margin, near.Length);
        int x = 0;
        for (; x <= near.Length - 16; x += 16)
        {
            Vector256<ushort> n = Vector256.WidenLower(Vector128.Create(near.Slice(x, 16)).ToVector256Unsafe()), f = Vector256.WidenLower(Vector128.Create(far.Slice(x, 16)).ToVector256Unsafe());
            (n + n + n + f).CopyTo(sums[x..]);
        }
        for (; x < near.Length; x++) sums[x] = (ushort)(3 * near[x] + far[x]);
        RepeatEdges(near.Length);
    }

    void RepeatEdges(int width) => (_sums[Margin - 1], _sums[Margin + width]) = (_sums[Margin], _sums[Margin + width - 1]);

    /// <summary>row[2x] = (3·sums[x] + sums[x − 1] + left) / 2^shift, row[2x + 1] = (3·sums[x] + sums[x + 1] + right) / 2^shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Spread(int width, ushort left, ushort right, int shift)
    {
        ref ushort sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref byte row = ref MemoryMarshal.GetArrayDataReference(_row);
        Vector256<ushort> l = Vector256.Create(left), r = Vector256.Create(right);
        for (int x = 0; x < width; x += 16)                          // the last step may run into the margins
        {
            Vector256<ushort> here = Vector256.LoadUnsafe(ref sums, (nuint)(Margin + x)), three = here + here + here;
            Vector256<ushort> even = three + Vector256.LoadUnsafe(ref sums, (nuint)(Margin + x - 1)) + l >> shift, odd = three + Vector256.LoadUnsafe(ref sums, (nuint)(Margin + x + 1)) + r >> shift;
            (even | odd << 8).AsByte().StoreUnsafe(ref row, (nuint)(2 * x));
        }
    }
}
