using System.CommandLine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Cli;

/// <summary>What every computing command takes.</summary>
sealed class CommonOptions
{
    readonly Option<string> _device = Options.Device();
    readonly Option<int?> _threads = Options.Threads();
    readonly Option<bool> _json = Options.Json(), _quiet = Options.Quiet();

    public CommonOptions(Command command)
    {
        command.Options.Add(_device);
        command.Options.Add(_threads);
        command.Options.Add(_json);
        command.Options.Add(_quiet);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);
    public Screen Screen(ParseResult parsed, TextWriter output) => new(output, parsed.GetValue(_quiet), parsed.GetValue(_json));

    /// <summary>Opens the device; where the choice was left to the program, says which it took.</summary>
    public Device Open(ParseResult parsed, Screen screen)
    {
        string name = parsed.GetValue(_device)!;
        var device = Devices.Open(name, parsed.GetValue(_threads) ?? 0);
        if (name.Equals(Devices.Auto, StringComparison.OrdinalIgnoreCase)) screen.Line($"device: {device.Name} ({device.Description})");
        return device;
    }
}
