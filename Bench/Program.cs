using IlgpuXai.Bench;

if (args is ["worker", .. var rest])
{
    Worker.Serve(rest is [var threads] ? int.Parse(threads) : 0);
    return;
}
Console.Error.WriteLine("usage: worker [THREADS]");
Environment.ExitCode = 2;
