using System.Runtime.InteropServices;

namespace IlgpuXai.Cli;

/// <summary>Ctrl-C and SIGTERM as a request to stop at the next good place; a second one ends the program at once.</summary>
sealed class Interrupt : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly IDisposable[] _signals;

    public Interrupt() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Request),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Request),
    ];

    public CancellationToken Token => _stop.Token;

    void Request(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested) return;
        context.Cancel = true;
        _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }
}
