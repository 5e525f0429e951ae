namespace IlgpuXai.Kernels;

sealed unsafe class CpuDropout(Team team) : IDropout
{
    public void Apply(View x, View y, DropoutDraw draw)
    {
        Expect.Length(y, x.Length, "dropout: y");
        var (threshold, scale) = (draw.Threshold, draw.Scale);
        team.For(x.Length, Team.Grain / 4, (from, to) =>
        {
            float* px = x.Data, py = y.Data;
            long i = from;                                       // a multiple of the grain, hence of 4
            for (; i <= to - 4; i += 4)
            {
                var words = Philox.Block((ulong)i / 4, draw.Stream, draw.Seed);
                py[i] = words.Word0 >= threshold ? px[i] * scale : 0f;
                py[i + 1] = words.Word1 >= threshold ? px[i + 1] * scale : 0f;
                py[i + 2] = words.Word2 >= threshold ? px[i + 2] * scale : 0f;
                py[i + 3] = words.Word3 >= threshold ? px[i + 3] * scale : 0f;
            }
            if (i == to) return;
            var last = Philox.Block((ulong)i / 4, draw.Stream, draw.Seed);
            py[i] = last.Word0 >= threshold ? px[i] * scale : 0f;
            if (i + 1 < to) py[i + 1] = last.Word1 >= threshold ? px[i + 1] * scale : 0f;
            if (i + 2 < to) py[i + 2] = last.Word2 >= threshold ? px[i + 2] * scale : 0f;
        });
    }
}
