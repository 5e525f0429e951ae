using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>The fastest algorithm of a planned convolution on this processor: timed once for each shape, then kept in the user's cache.</summary>
public sealed class TimedChoice(Device device, IBlockedKernels kernels, KernelCache cache)
{
    const int Images = 4, Rounds = 7;

    public TimedChoice(Device device, IBlockedKernels kernels) : this(device, kernels, KernelCache.OfUser()) { }

    /// <param name="h">Of the maps, as <paramref name="w"/>.</param>
    /// <param name="largest">The largest of Winograd's filterings that may be used.</param>
    public ConvAlgorithm Of(ConvWindow window, int h, int w, ConvAlgorithm largest)
    {
        if (!window.IsPlain3x3 || largest == ConvAlgorithm.Direct) return ConvAlgorithm.Direct;
        string key = KernelCache.Key("convolution", s_processor, device.Description, $"{window}", $"{h}×{w}", $"{largest}");
        return (ConvAlgorithm)cache.GetOrBuild(key, () => [(byte)Fastest(window, h, w, largest)])[0];
    }

    ConvAlgorithm Fastest(ConvWindow f, int h, int w, ConvAlgorithm largest)
    {
        ConvAlgorithm[] algorithms = [.. Enum.GetValues<ConvAlgorithm>().Where(a => a <= largest)];
        using var weights = Zeros((long)f.K * f.C * f.R * f.S);
        using var from = Zeros(BlockedMaps.Floats(Images, f.C, h, w));
        using var to = Zeros(BlockedMaps.Floats(Images, f.K, h, w));
        BlockedMaps x = new(from.View, Images, f.C, h, w), y = new(to.View, Images, f.K, h, w);
        var convs = algorithms.Select(a => kernels.Conv(f, a, KernelTaps.Forward(weights.View, f), View.Empty)).ToList();
        double[] least = [.. algorithms.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round <= Rounds; round++)                    // the first warms up
            for (int i = 0; i < algorithms.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                convs[i].Run(x, y, new() { PadH = 1, PadW = 1 });
                if (round > 0) least[i] = Math.Min(least[i], Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        convs.ForEach(c => c.Dispose());
        return algorithms[Array.IndexOf(least, least.Min())];
    }

    DeviceBuffer<float> Zeros(long floats)
    {
        var buffer = device.Allocate<float>(floats);
        device.Fill(buffer.View, 0);
        return buffer;
    }

    static readonly string s_processor = Processor();

    static string Processor()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < unchecked((int)0x80000004)) return $"{RuntimeInformation.ProcessArchitecture}";
        var name = new StringBuilder();
        for (int part = 2; part <= 4; part++)
        {
            var (a, b, c, d) = X86Base.CpuId(unchecked((int)0x80000000) + part, 0);
            foreach (int word in (int[])[a, b, c, d]) name.Append(Encoding.ASCII.GetString(BitConverter.GetBytes(word)));
        }
        return name.ToString().TrimEnd('\0', ' ');
    }
}
