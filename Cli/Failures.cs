using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
#if !ILGPU_BOUND
using IlgpuXai.Jit;
using IlgpuXai.Simt;
#endif

namespace IlgpuXai.Cli;

/// <summary>What went wrong as one line and an exit code.</summary>
static class Failures
{
    /// <summary>Set to 1, failures come with the place in the code they come from.</summary>
    const string Trace = "ILGPUXAI_TRACE";

    public static int Guard(TextWriter error, Func<int> work)
    {
        try
        {
            return work();
        }
#pragma warning disable CA1031 // the last place a failure can be told to the user
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is AggregateException { InnerException: { } inner }) e = inner;
            error.WriteLine(Line(e));
            if (Environment.GetEnvironmentVariable(Trace) == "1") error.WriteLine(e);
            return e switch
            {
                UsageException or DeviceUnavailableException or UnknownModelException or UnknownLayerException => CommandLine.WrongArguments,
                StoppedException or OperationCanceledException => CommandLine.Stopped,
                _ => CommandLine.Failed,
            };
        }
    }

    static string Line(Exception e) => Text(e).ReplaceLineEndings(" ");

    static string Text(Exception e) => e switch
    {
        UserException or DataException or StateFileException or TrainingException or ShapeException or OutOfDeviceMemoryException or DeviceUnavailableException or UnknownModelException or UnknownLayerException => e.Message,
#if !ILGPU_BOUND
        GpuException or RefusedKernelException => e.Message,
#endif
        OperationCanceledException => "stopped; nothing finished is lost",
        IOException or UnauthorizedAccessException => e.Message,
        _ => $"unexpected failure, {e.GetType().Name}: {e.Message} ({Trace}=1 shows where)",
    };
}
