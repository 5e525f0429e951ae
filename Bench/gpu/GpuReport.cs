using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Times operations of a GPU device and writes samples as JSON. A row that fails or finds no time holds the reason instead, and the rest goes on.</summary>
sealed class GpuReport(string deviceName, double seconds, string file)
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly long _start = Stopwatch.GetTimestamp();
    GpuDevice? _device;

    /// <summary><c>gpu [--device NAME] [--seconds N] [--small] [--json FILE]</c></summary>
    public static int Run(string[] args)
    {
        string device = "cuda", file = "gpu-rows.json";
        double seconds = 120;
        bool small = false;
        for (int i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--small": small = true; break;
                case "--device" when i + 1 < args.Length: device = args[++i]; break;
                case "--json" when i + 1 < args.Length: file = args[++i]; break;
                case "--seconds" when i + 1 < args.Length: seconds = double.Parse(args[++i]); break;
                default:
                    Console.Error.WriteLine($"gpu: '{args[i]}': there are --device NAME, --json FILE, --seconds N and --small");
                    return 2;
            }
        try
        {
            new GpuReport(device, seconds, file).Measure(small);
            return 0;
        }
        catch (DeviceUnavailableException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    void Measure(bool small)
    {
        var device = _device = Open();
        var about = new JsonObject
        {
            ["device"] = device.Name, ["description"] = device.Description, ["compiler"] = (device as CudaDevice)?.Context.Compiler,
            ["driver"] = device is CudaDevice { Facts.DriverVersion: var v } ? $"CUDA {v / 1000}.{v % 1000 / 10}" : null,
            ["runtime"] = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription, ["small"] = small,
        };
        var rows = Rows(small).ToList();
        about["rows"] = new JsonArray([.. rows.Select(r => r.Row)]);
        foreach (var (row, measure) in rows)
        {
            // A process that is stopped leaves what was measured, and where it stood.
            row["reason"] = "it did not return";
            File.WriteAllText(file, about.ToJsonString(s_json));
            Fill(row, measure);
            Console.WriteLine($"{row["name"]}: {row["reason"] ?? row["ms"]!.ToJsonString()}");
        }
        File.WriteAllText(file, about.ToJsonString(s_json));
        _device?.Dispose();
    }

    static IEnumerable<(JsonObject Row, Func<GpuDevice, double[]> Measure)> Rows(bool small)
    {
        const string notYet = "the part was stopped before";
        foreach (var (name, op, measure) in LaunchRows.All) yield return (new() { ["name"] = name, ["op"] = op, ["reason"] = notYet }, measure);
        foreach (var row in GpuCase.All(small))
            yield return (new() { ["name"] = row.Name, ["op"] = row.Op, ["dims"] = new JsonArray([.. row.Dims.Select(d => JsonValue.Create(d))]), ["flops"] = row.Flops, ["bytes"] = row.Bytes, ["reason"] = notYet }, d =>
            {
                using var work = GpuWorks.Create(row, d);
                return GpuClock.Samples(d, work.Run);
            });
    }

    GpuDevice Open() => Devices.Open(deviceName) as GpuDevice ?? throw new DeviceUnavailableException($"'{deviceName}' runs no GPU kernels");

    void Fill(JsonObject row, Func<GpuDevice, double[]> measure)
    {
        try
        {
            if (Stopwatch.GetElapsedTime(_start).TotalSeconds > seconds) throw new TimeoutException($"the {seconds} seconds for these rows were over");
            row["ms"] = new JsonArray([.. measure(_device ??= Open()).Select(t => JsonValue.Create(t))]);
            row.Remove("reason");
            _device.Trim();
        }
        catch (Exception e)
        {
            row["reason"] = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
            if (e is GpuException) Reopen();
        }
    }

    // A context with a failed kernel refuses everything.
    void Reopen()
    {
        _device?.Dispose();
        _device = null;
    }
}
