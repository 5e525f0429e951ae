using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuDropout(Team team) : IDropout
{
    const int Batch = 512;                                       // elements per batch of random words: a multiple of any vector's

    public void Apply(View x, View y, DropoutDraw draw)
    {
        Expect.Length(y, x.Length, "dropout: y");
        var (threshold, scale) = (draw.Threshold, draw.Scale);
        team.For(x.Length, Team.Grain / 4, (from, to) =>
        {
            uint* words = stackalloc uint[Batch];
            for (long i = from; i < to; i += Batch)
            {
                PhiloxLanes.Fill(words, Batch / 4, (ulong)i / 4, draw.Stream, draw.Seed);
                Keep(words, x.Data + i, y.Data + i, (int)Math.Min(Batch, to - i), threshold, scale);
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Keep(uint* words, float* x, float* y, int count, uint threshold, float scale)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= count - width; i += width) Vector.Store(Kept(words + i, Vector.Load(x + i)), y + i);
        if (i < count) VectorTail.Store(Kept(words + i, VectorTail.Load(x + i, count - i)), y + i, count - i);

        Vector<float> Kept(uint* word, Vector<float> x) =>
            Vector.ConditionalSelect(Vector.AsVectorSingle(Vector.GreaterThanOrEqual(Vector.Load(word), new(threshold))), x * scale, Vector<float>.Zero);
    }
}
