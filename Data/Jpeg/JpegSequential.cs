using System.Runtime.CompilerServices;

namespace IlgpuXai.Data;

/// <summary>A scan of a baseline or extended sequential picture (F.2): each block is complete, so it becomes samples at once.</summary>
sealed class JpegSequential(JpegScan scan) : JpegBlocks(scan)
{
    readonly int[] _before = new int[scan.Components.Length];        // the DC value before, per component
    readonly short[] _block = new short[64];

    protected override void Restart() => Array.Clear(_before);

    protected override void Read(ref JpegBits bits, int place, int column, int row)
    {
        (JpegComponent component, JpegHuffman? dc, JpegHuffman? ac) = Scan.Components[place];
        _block.AsSpan().Clear();
        int last = Coefficients(ref bits, dc!, ac!, ref _before[place], _block);
        if (last >= 64) throw bits.Damaged("a block has more than 64 coefficients");
        JpegIdct.Inverse(_block, component.Steps!, last, component.Plane.AsSpan(8 * (row * component.Stride + column)), component.Stride);
    }

    /// <summary>Reads one block and returns the place of its last coefficient in zigzag order; 64 or more when it runs beyond its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Coefficients(ref JpegBits source, JpegHuffman dc, JpegHuffman ac, ref int before, Span<short> block)
    {
        ReadOnlySpan<byte> order = JpegScan.NaturalOrder;
        before += source.Signed(source.Symbol(dc));
        block[0] = (short)before;
        int[] fused = ac.Fused;
        ulong bits = source.Buffer;
        int count = source.Count, last = 0;
        for (int k = 1; k < 64; k++)
        {
            if (count < 32)                                          // the longest code and the longest value
            {
                (source.Buffer, source.Count) = (bits, count);
                source.Fill();
                (bits, count) = (source.Buffer, source.Count);
            }
            int entry = fused[bits >> (64 - JpegHuffman.LookupBits)];
            if (entry == 0)
            {
                int symbol = source.Long(ac, bits);
                entry = (symbol & 15) << 12 | (symbol & 0xF0) << 4 | symbol >> 8;
            }
            bits <<= entry & 255;
            count -= entry & 255;
            k += (entry >> 8) & 15;
            int value = entry >> 16;
            if (value == 0)
            {
                int size = (entry >> 12) & 15;
                if (size == 0)
                {
                    if ((entry & 0xF00) == 0xF00) continue;          // sixteen zeros
                    break;                                           // the rest is zero
                }
                value = JpegHuffman.Extend((int)(bits >> (64 - size)), size);
                bits <<= size;
                count -= size;
            }
            block[order[k]] = (short)value;
            last = k;
        }
        (source.Buffer, source.Count) = (bits, count);
        return last;
    }
}
