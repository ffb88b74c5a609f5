namespace MiniPlane.ApiServer;

/// <summary>Who may do what.</summary>
public enum AuthorizationMode
{
    /// <summary>Roles and bindings decide, as in kube-apiserver's RBAC mode.</summary>
    Rbac,

    /// <summary>Every authenticated request is allowed.</summary>
    AlwaysAllow,
}
