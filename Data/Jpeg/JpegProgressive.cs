namespace IlgpuXai.Data;

/// <summary>A scan of a progressive picture (annex G): some coefficients, or one more bit of them, of blocks that are kept until all scans are read.</summary>
sealed class JpegProgressive(JpegScan scan) : JpegBlocks(scan)
{
    const string BeyondBand = "a block has coefficients beyond the band of its scan";

    readonly int[] _before = new int[scan.Components.Length];
    int _emptyBlocks;                                                // blocks to come that hold nothing new in this band

    protected override void Restart()
    {
        Array.Clear(_before);
        _emptyBlocks = 0;
    }

    protected override void Read(ref JpegBits bits, int place, int column, int row)
    {
        JpegComponent component = Scan.Components[place].Component;
        Span<short> block = component.Coefficients.AsSpan(64 * (row * component.BlocksAcross + column), 64);
        if (Scan.First > 0)
        {
            if (Scan.High == 0) ReadBand(ref bits, block);
            else RefineBand(ref bits, block);
        }
        else if (Scan.High > 0) block[0] |= (short)(bits.Bits(1) << Scan.Low);
        else block[0] = (short)((_before[place] += bits.Signed(bits.Symbol(Scan.Components[place].Dc!))) << Scan.Low);
    }

    void ReadBand(ref JpegBits bits, Span<short> block)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }
        JpegHuffman table = Scan.Components[0].Ac!;
        for (int k = Scan.First; k <= Scan.Last; k++)
        {
            int symbol = bits.Symbol(table), run = symbol >> 4, size = symbol & 15;
            if (size == 0 && run < 15)
            {
                _emptyBlocks = (1 << run) - 1 + bits.Bits(run);
                return;
            }
            k += run;
            if (size == 0) continue;                                 // sixteen zeros
            if (k > Scan.Last) throw bits.Damaged(BeyondBand);
            block[JpegScan.NaturalOrder[k]] = (short)(bits.Signed(size) << Scan.Low);
        }
    }

    // G.1.2.3: a run counts only coefficients that are still zero; those that are not get their next bit in passing.
    void RefineBand(ref JpegBits bits, Span<short> block)
    {
        int k = Scan.First;
        if (_emptyBlocks == 0)
        {
            JpegHuffman table = Scan.Components[0].Ac!;
            while (k <= Scan.Last)
            {
                int symbol = bits.Symbol(table), run = symbol >> 4, size = symbol & 15, value = 0;
                if (size > 1) throw bits.Damaged("a coefficient gets more than one bit where one is refined");
                if (size == 1) value = bits.Bits(1) == 1 ? 1 << Scan.Low : -1 << Scan.Low;
                else if (run < 15)
                {
                    _emptyBlocks = (1 << run) + bits.Bits(run);
                    break;
                }
                k = Refine(ref bits, block, k, run);
                if (value != 0)
                {
                    if (k > Scan.Last) throw bits.Damaged(BeyondBand);
                    block[JpegScan.NaturalOrder[k]] = (short)value;
                }
                k++;
            }
        }
        if (_emptyBlocks == 0) return;
        Refine(ref bits, block, k, 64);
        _emptyBlocks--;
    }

    /// <summary>Gives every coefficient from <paramref name="k"/> on that is not zero its next bit, passes over so many zeros, and returns the place of the zero after them.</summary>
    int Refine(ref JpegBits bits, Span<short> block, int k, int zeros)
    {
        for (; k <= Scan.Last; k++)
        {
            ref short value = ref block[JpegScan.NaturalOrder[k]];
            if (value == 0)
            {
                if (zeros-- == 0) break;
            }
            else if (bits.Bits(1) == 1 && (value & (1 << Scan.Low)) == 0) value += (short)(value > 0 ? 1 << Scan.Low : -1 << Scan.Low);
        }
        return k;
    }
}

/// <summary>Which bits of the coefficients of each component have been read, so that scans neither repeat nor miss any.</summary>
sealed class JpegProgress(JpegFrame frame, string name)
{
    // The lowest bit known of each coefficient; 16 is none.
    const int Nothing = 16;

    readonly Dictionary<JpegComponent, int[]> _low = frame.Components.ToDictionary(c => c, _ => Enumerable.Repeat(Nothing, 64).ToArray());

    public void Add(JpegScan scan)
    {
        foreach (JpegScanComponent c in scan.Components)
        {
            int[] low = _low[c.Component];
            if (scan.First > 0 && low[0] == Nothing) throw new DataException(name, "is damaged: a scan refines a component that has no mean values yet");
            for (int k = scan.First; k <= scan.Last; k++)
            {
                if (low[k] != (scan.High == 0 ? Nothing : scan.High)) throw new DataException(name, $"is damaged: a scan gives bits of coefficient {k} twice or out of order");
                low[k] = scan.Low;
            }
        }
    }

    public void CheckComplete()
    {
        foreach ((JpegComponent component, int[] low) in _low)
            if (Array.FindIndex(low, l => l != 0) is >= 0 and var k) throw new DataException(name, $"is truncated: no scan completes coefficient {k} of component {component.Id}");
    }
}
