using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Runs one piece of work at a time for a script that times a peer in between, so that both see the same state of the machine.</summary>
/// <remarks>
/// Protocol, one JSON object per line: {"prepare": {"op": "conv2d.forward", …}} answers {"ready": true}; {"run": n} runs it n times and
/// answers {"ms": milliseconds per run}; {"drop": true} frees it; end of input ends the process.
/// </remarks>
static class Worker
{
    public static void Serve(int threads)
    {
        using var device = new CpuDevice(threads);
        IWork? work = null;
        for (string? line; (line = Console.ReadLine()) is not null;)
        {
            var request = JsonNode.Parse(line)!.AsObject();
            JsonObject answer;
            if (request["prepare"] is JsonObject what)
            {
                work?.Dispose();
                work = Works.Create(what, device);
                work.Run();
                answer = new() { ["ready"] = true };
            }
            else if (request["run"] is { } times)
            {
                int n = times.GetValue<int>();
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < n; i++) work!.Run();
                answer = new() { ["ms"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / n };
            }
            else
            {
                work?.Dispose();
                work = null;
                answer = new() { ["dropped"] = true };
            }
            Console.WriteLine(answer.ToJsonString(JsonSerializerOptions.Default));
        }
        work?.Dispose();
    }
}

/// <summary>Something that can be timed again and again.</summary>
interface IWork : IDisposable
{
    void Run();
}
