namespace IlgpuXai.Kernels;

sealed unsafe class CpuSlice(Team team) : ISlice
{
    public void Extract(View whole, View part, SliceShape s)
    {
        s.Check(whole, part);
        Each(s, (inWhole, inPart, count) => new Span<float>(whole.Data + inWhole, count).CopyTo(new(part.Data + inPart, count)));
    }

    public void Insert(View part, View whole, SliceShape s)
    {
        s.Check(whole, part);
        Each(s, (inWhole, inPart, count) => new Span<float>(part.Data + inPart, count).CopyTo(new(whole.Data + inWhole, count)));
    }

    /// <summary>Runs of the part with their places in both; threads share the elements, so a run may be a piece of a row.</summary>
    void Each(SliceShape s, Action<long, long, int> copy)
    {
        long row = (long)s.Part * s.Inner, skip = (long)(s.Whole - s.Part) * s.Inner, start = (long)s.Offset * s.Inner;
        team.For(s.Outer * row, Team.Grain, (from, to) =>
        {
            for (long i = from; i < to;)
            {
                long outer = i / row, count = Math.Min((outer + 1) * row, to) - i;
                copy(i + outer * skip + start, i, (int)count);
                i += count;
            }
        });
    }
}
