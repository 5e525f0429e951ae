using System.CommandLine;
using System.Globalization;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Cli;

/// <summary><c>plan MODEL [--size N] [--batch N] [--exact] [--timed] [--threads N]</c>: how a network runs on the processor, step by step, with times measured here.</summary>
static class PlanCommand
{
    public static Command Create(TextWriter output)
    {
        var name = new Argument<string>("MODEL") { Description = "its name: see 'models'" };
        var size = Options.Whole("--size", "side of the images (default: the model's own)", 1);
        var batch = Options.Whole("--batch", "images per pass (default: 1)", 1);
        var rounds = Options.Whole("--rounds", "passes that are timed; times are medians (default: 9)", 1);
        var exact = new Option<bool>("--exact") { Description = "without Winograd's filtering" };
        var timed = new Option<bool>("--timed") { Description = "take whichever algorithm is the fastest here, timed once for each shape, instead of one by rule" };
        var threads = Options.Threads();
        var json = Options.Json();
        var command = new Command("plan", "the steps of a network on the processor: operation, shape, algorithm, GFLOP, time, share of the peak, bytes") { name, size, batch, rounds, exact, timed, threads, json };
        command.SetAction(parsed =>
        {
            bool asJson = parsed.GetValue(json);
            Write(new(output, quiet: false, asJson), ModelCatalogue.Find(parsed.GetValue(name)!), parsed.GetValue(size), parsed.GetValue(batch) ?? 1, parsed.GetValue(rounds) ?? 9, new() { Fastest = parsed.GetValue(exact) ? ConvAlgorithm.Direct : ConvAlgorithm.Winograd4, Timed = parsed.GetValue(timed) }, parsed.GetValue(threads) ?? Environment.ProcessorCount, asJson);
            return CommandLine.Done;
        });
        return command;
    }

    static void Write(Screen screen, ModelEntry entry, int? side, int images, int rounds, PlanOptions options, int threads, bool json)
    {
        int h = side ?? entry.InputShape[1], w = side ?? entry.InputShape[2];
        using var device = new CpuDevice(threads);
        using var model = entry.Create(new Initializer(device, 1));
        using var plan = Plan.Of(model, h, w, options) ?? throw new UsageException($"'{entry.Name}' has no plan: it runs layer by layer");
        using var x = new Initializer(device, 2).Uniform([images, entry.InputShape[0], h, w], 1);
        var steps = plan.Profile(x, rounds);
        double peak = FmaPeak.Measure(threads) * 1e9, total = steps.Sum(s => s.Milliseconds), flops = steps.Sum(s => s.Flops);
        long weights = steps.Sum(s => s.WeightBytes);
        var (taken, needed) = plan.ResultBytes;
        if (json)
        {
            screen.Json(new
            {
                model = entry.Name, images, size = new[] { h, w }, device = device.Description, peakGflops = peak / 1e9, milliseconds = total, gflop = flops / 1e9,
                resultBytesPerImage = taken, leastResultBytesPerImage = needed, weightBytes = weights,
                steps = steps.Select(s => new { layer = s.Layer, op = s.Kind, output = s.Output.Sizes.ToArray(), algorithm = s.Algorithm, gflop = s.Flops / 1e9, milliseconds = s.Milliseconds, shareOfPeak = Share(s.Flops, s.Milliseconds), resultBytes = s.ResultBytes, weightBytes = s.WeightBytes }),
            });
            return;
        }
        string[] Row(string layer, string operation, string shape, string algorithm, double flops, double milliseconds, long result, long weights) =>
            [layer, operation, shape, algorithm, flops > 0 ? Number(flops / 1e9, "0.000") : "", Number(milliseconds, "0.000"), flops > 0 ? Number(Share(flops, milliseconds), "0 %") : "", MiB(result), MiB(weights)];
        screen.Table(["layer", "operation", "output", "algorithm", "GFLOP", "ms", "of peak", "result", "weights"],
            steps.Select(s => Row(s.Layer, s.Kind, string.Join('×', s.Output.Sizes.ToArray()), s.Algorithm, s.Flops, s.Milliseconds, s.ResultBytes, s.WeightBytes))
                .Append(Row("", "all steps", "", "", flops, total, 0, weights)), numbers: false);
        screen.Line($"results take {MiB(taken)} per image, the most needed at once is {MiB(needed)}");
        screen.Line($"peak of multiply-adds: {Number(peak / 1e9, "0")} GFLOP/s; GFLOP are those of the definition, which filtering does with fewer");

        double Share(double flops, double milliseconds) => flops / (milliseconds * 1e-3) / peak;
    }

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static string MiB(long bytes) => bytes == 0 ? "" : $"{Number(bytes / 1048576.0, "0.0")} MiB";
}
