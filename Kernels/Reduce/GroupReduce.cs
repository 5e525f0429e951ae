using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Combines one value of every thread of a one-dimensional group whose size is a power of two.</summary>
static class GroupReduce
{
    /// <summary>The most threads a group may have: the shared memory it needs, in floats.</summary>
    public const int MaxThreads = 256;

    /// <summary>The power of two nearest above <paramref name="length"/> elements, from 32 to <see cref="MaxThreads"/>.</summary>
    public static int Threads(int length) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(length, 32, MaxThreads));

    /// <summary>All threads get the result. A tree over shared memory: no assumption on the size of a warp, always the same order.</summary>
    /// <param name="shared"><see cref="MaxThreads"/> floats; free for the next use on return.</param>
    public static float All<R>(float value, View shared) where R : struct, IReduction
    {
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half) shared[thread] = R.Combine(shared[thread], shared[thread + half]);
            Group.Barrier();
        }
        float all = shared[0];
        Group.Barrier();
        return all;
    }
}
