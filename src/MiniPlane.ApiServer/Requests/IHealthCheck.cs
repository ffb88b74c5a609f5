namespace MiniPlane.ApiServer.Requests;

/// <summary>One named part of <c>/livez</c> and <c>/readyz</c>. Other rooms may register their own.</summary>
public interface IHealthCheck
{
    /// <summary>Its name in paths and in the verbose list, e.g. <c>etcd</c>.</summary>
    string Name { get; }

    /// <summary>False: only readiness asks it.</summary>
    bool IsForLiveness { get; }

    /// <summary>Null when all is well, else what is wrong. Must answer at once.</summary>
    string? Problem();
}
