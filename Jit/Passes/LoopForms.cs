namespace IlgpuXai.Jit;

/// <summary>Endless loops that begin or end with a test become while, do-while and for loops.</summary>
static class LoopForms
{
    public static void Run(List<Stmt> list)
    {
        for (int k = 0; k < list.Count; k++)
        {
            if (list[k] is Loop loop)
            {
                TakeCondition(loop);
                TakeStep(loop);
                if (loop.Step is { Place: Read counter } && k > 0 && list[k - 1] is Assign { Place: Read start } init && start.Local == counter.Local)
                {
                    loop.Init = init;
                    list.RemoveAt(--k);
                }
            }
            foreach (var body in Statements.Bodies(list[k])) Run(body);
        }
    }

    static void TakeCondition(Loop loop)
    {
        var body = loop.Body;
        if (body.Count > 0 && body[^1] is Continue) body.RemoveAt(body.Count - 1);
        if (body is [If { Then: [Break], Else: [], Condition: var leave }, ..])
        {
            loop.While = Arithmetic.Not(leave);
            body.RemoveAt(0);
        }
        else if (body is [If { Else: [Break], Condition: var stay } only])
        {
            loop.While = stay;
            body.Clear();
            body.AddRange(only.Then);
        }
        else if (loop.Step is null && body.Count > 1 && body[^1] is If { Then: [Break], Else: [], Condition: var last } && !HasContinue(body))
        {
            loop.DoWhile = Arithmetic.Not(last);
            body.RemoveAt(body.Count - 1);
        }
        if (body.Count > 0 && body[^1] is Continue) body.RemoveAt(body.Count - 1);
    }

    // i = i + 1 at the end of a while loop over i; a continue in the body would skip it.
    static void TakeStep(Loop loop)
    {
        if (loop.While is not { } condition || loop.Step is not null || loop.Body.Count == 0) return;
        if (loop.Body[^1] is not Assign { Place: Read counter } step || !condition.Reads(counter.Local) || HasContinue(loop.Body) || Places.IsImpure(step.Value)) return;
        loop.Step = step;
        loop.Body.RemoveAt(loop.Body.Count - 1);
    }

    /// <summary>A continue, or a jump to the next turn, of this loop itself.</summary>
    static bool HasContinue(List<Stmt> list) => list.Any(s => s switch
    {
        Continue or Label { NextTurn: true } => true,
        Loop => false,
        _ => Statements.Bodies(s).Any(HasContinue),
    });
}
