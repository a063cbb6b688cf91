package desk

// accountRoutes are the addresses about accounts of others.
func accountRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/roles", show: showRoles, title: "角色和权限"},
	}
}
